from django.urls import path

from banshi.sites.portal.wishes import views

urlpatterns = [
    path("", views.wishes, name="wishes"),
    path("new/", views.new, name="wish-new"),
    path("told/<int:pk>/", views.told, name="wish-told"),
    path("<uuid:guid>/", views.wish, name="wish"),
    path("<uuid:guid>/support/", views.support, name="wish-support"),
    path("<uuid:guid>/revise/", views.revise, name="wish-revise"),
]
