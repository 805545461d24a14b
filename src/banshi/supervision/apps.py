from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "banshi.supervision"
    verbose_name = "监察"
