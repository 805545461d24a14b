from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "banshi.sites.api"
    label = "sites_api"
