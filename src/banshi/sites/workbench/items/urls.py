from django.urls import path

from banshi.sites.workbench.items import finding, views

urlpatterns = [
    path("search/", finding.find, name="search"),
    path("items/", views.items, name="items"),
    path("items/export/", views.export_chosen, name="export-chosen"),
    path("items/new/", views.new, name="item-new"),
    path("items/<uuid:guid>/", views.item, name="item"),
    path("items/<uuid:guid>/delete/", views.delete, name="item-delete"),
    path("items/<uuid:guid>/identity/", views.identity, name="item-identity"),
]
