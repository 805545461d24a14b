from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "banshi.sites.oversight"
    label = "sites_oversight"
