from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "banshi.fees"
    verbose_name = "收费"

    def ready(self) -> None:
        from banshi.fees import policies, retention  # noqa: F401
