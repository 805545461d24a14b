from django.urls import path

from banshi.sites.portal.open_data.downloads import send_csv, send_json, send_xlsx
from banshi.sites.portal.open_data.resources import send_dcat, show_resource
from banshi.sites.portal.open_data.views import show_open_data

urlpatterns = [
    path("", show_open_data, name="open-data"),
    path("catalogue.csv", send_csv, name="open-data-csv"),
    path("catalogue.json", send_json, name="open-data-json"),
    path("catalogue.xlsx", send_xlsx, name="open-data-xlsx"),
    path("resources.jsonld", send_dcat, name="open-data-resources"),
    path("resources/<path:code>", show_resource, name="open-data-resource"),
]
