from django.apps import AppConfig


class HandoutConfig(AppConfig):
    name = "banshi.handout"
    verbose_name = "出件"

    def ready(self) -> None:
        from banshi.handout import policies, retention  # noqa: F401
