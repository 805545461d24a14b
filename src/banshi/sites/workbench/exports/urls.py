from django.urls import path

from banshi.sites.workbench.exports import views

urlpatterns = [
    path("export/", views.export_page, name="exports"),
    path("export/items/", views.export_items, name="export-items"),
    path("export/template/<str:form>.xlsx", views.template, name="export-template"),
]
