from django.urls import path

from banshi.sites.oversight.bulletins import views

urlpatterns = [
    path("bulletins/", views.bulletins, name="bulletins"),
    path("bulletins/<str:period>/", views.bulletin, name="bulletin"),
    path("bulletins/<str:period>/issue/", views.issue, name="bulletin-issue"),
    path("bulletins/<str:period>/<str:kind>", views.download, name="bulletin-file"),
]
