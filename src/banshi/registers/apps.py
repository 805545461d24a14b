from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "banshi.registers"
    verbose_name = "相关名录"
