from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "banshi.papers"
    verbose_name = "文书"
