from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "banshi.connectors"
    verbose_name = "对外渠道"
