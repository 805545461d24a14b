from django.urls import path

from banshi.sites.workbench.references import views

urlpatterns = [
    path("references/", views.references, name="references"),
    path("references/new/", views.new, name="reference-new"),
    path("items/<uuid:guid>/reference/", views.claim, name="claim"),
]
