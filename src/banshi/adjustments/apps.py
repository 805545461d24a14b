from django.apps import AppConfig


class AdjustmentsConfig(AppConfig):
    name = "banshi.adjustments"
    verbose_name = "动态调整"
