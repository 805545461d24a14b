from django.apps import AppConfig


class CleanupConfig(AppConfig):
    name = "banshi.cleanup"
    label = "cleanup"
