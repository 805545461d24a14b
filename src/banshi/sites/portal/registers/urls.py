from django.urls import path

from banshi.sites.portal.registers.downloads import send_csv, send_json
from banshi.sites.portal.registers.views import list_agencies, list_services, show_service

urlpatterns = [
    path("", list_services, name="intermediaries"),
    path("<int:number>/", show_service, name="intermediary"),
    path("agencies/", list_agencies, name="agencies"),
    path("<str:what>.csv", send_csv, name="intermediaries-csv"),
    path("<str:what>.json", send_json, name="intermediaries-json"),
]
