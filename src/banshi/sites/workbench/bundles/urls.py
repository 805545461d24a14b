from django.urls import path

from banshi.sites.workbench.bundles import views

urlpatterns = [
    path("bundles/", views.bundles, name="bundles"),
    path("bundles/load/", views.load_shipped, name="bundles-load"),
    path("bundles/new/", views.build, name="bundle-new"),
    path("bundles/<slug:code>/", views.build, name="bundle-edit"),
    path("bundles/<slug:code>/end/", views.end, name="bundle-end"),
]
