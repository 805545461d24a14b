from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "banshi.registers"
    verbose_name = "相关名录"

    def ready(self) -> None:
        from banshi.registers import policies  # noqa: F401
