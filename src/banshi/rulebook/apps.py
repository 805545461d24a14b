from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "banshi.rulebook"
    verbose_name = "规则库"

    def ready(self) -> None:
        from banshi.rulebook import policies, receivers  # noqa: F401
