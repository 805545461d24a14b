from django.urls import path

from banshi.sites.workbench.wishes import views

urlpatterns = [
    path("wishes/", views.wishes, name="wishes"),
    path("wishes/wanted/", views.wanted, name="wishes-wanted"),
    path("wishes/wanted/new/", views.of_searches, name="wish-of-searches"),
    path("wishes/<int:pk>/", views.wish, name="wish"),
    path("wishes/<int:pk>/act/<slug:name>/", views.act, name="wish-act"),
]
