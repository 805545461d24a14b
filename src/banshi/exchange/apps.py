from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "banshi.exchange"
    verbose_name = "数据共享"

    def ready(self) -> None:
        from banshi.exchange import policies  # noqa: F401
