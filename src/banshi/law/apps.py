from django.apps import AppConfig


class LawConfig(AppConfig):
    name = "banshi.law"
    verbose_name = "法规"
