from django.urls import path

from banshi.sites.workbench.wishes import views

urlpatterns = [
    path("wishes/", views.wishes, name="wishes"),
    path("wishes/wanted/", views.wanted, name="wishes-wanted"),
    path("wishes/wanted/new/", views.of_searches, name="wish-of-searches"),
    path("wishes/told/<int:pk>/", views.told, name="wish-told"),
    path("wishes/<uuid:guid>/", views.wish, name="wish"),
    path("wishes/<uuid:guid>/act/<slug:name>/", views.act, name="wish-act"),
]
