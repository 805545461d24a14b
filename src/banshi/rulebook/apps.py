from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "banshi.rulebook"
    verbose_name = "规则库"
