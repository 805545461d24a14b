from django.urls import path

from banshi.sites.workbench.laws import views

urlpatterns = [
    path("laws/", views.laws, name="laws"),
    path("laws/ended/", views.ended, name="laws-ended"),
    path("laws/import/", views.import_changes, name="laws-import"),
    path("laws/<int:pk>/", views.law, name="law"),
    path("laws/<int:pk>/change/", views.change, name="law-change"),
    path("laws/changes/<int:pk>/prepare/", views.prepare, name="law-prepare"),
]
