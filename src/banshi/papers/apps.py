from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "banshi.papers"
    verbose_name = "文书"

    def ready(self) -> None:
        from banshi.papers import policies  # noqa: F401
