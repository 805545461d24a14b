from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "banshi.supervision"
    verbose_name = "监察"

    def ready(self) -> None:
        from banshi.supervision import checks, policies, retention  # noqa: F401
