from django.urls import path

from banshi.sites.workbench.wishes import views

urlpatterns = [
    path("wishes/", views.wishes, name="wishes"),
    path("wishes/<int:pk>/", views.wish, name="wish"),
    path("wishes/<int:pk>/act/<slug:name>/", views.act, name="wish-act"),
]
