from django.urls import path

from banshi.sites.portal.asking import views

urlpatterns = [
    path("ask/", views.ask, name="ask"),
    path("ask/alike/", views.alike, name="ask-alike"),
    path("ask/sent/", views.sent, name="ask-sent"),
    path("ask/follow/", views.follow, name="ask-follow"),
    path("my/complaints/", views.own_complaints, name="my-complaints"),
    path("my/complaints/told/<int:pk>/", views.own_told, name="my-complaint-told"),
    path("my/complaints/<uuid:guid>/", views.own, name="my-complaint"),
]
