from django.urls import path

from banshi.sites.workbench.versions import views

urlpatterns = [
    path("items/<uuid:guid>/versions/", views.versions, name="versions"),
    path("items/<uuid:guid>/versions/<int:number>/", views.version, name="version"),
    path("items/<uuid:guid>/versions/<int:number>/restore/", views.restore, name="version-restore"),
    path("items/<uuid:guid>/compare/", views.compare, name="compare"),
]
