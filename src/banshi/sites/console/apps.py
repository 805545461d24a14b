from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "banshi.sites.console"
    label = "sites_console"
