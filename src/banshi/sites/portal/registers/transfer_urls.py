from django.urls import path

from banshi.sites.portal.registers.downloads import send_csv, send_json
from banshi.sites.portal.registers.views import list_transfers

FILE = {"what": "transfers", "of": ""}
urlpatterns = [
    path("", list_transfers, name="transfers"),
    path("transfers.csv", send_csv, FILE, name="transfers-csv"),
    path("transfers.json", send_json, FILE, name="transfers-json"),
]
