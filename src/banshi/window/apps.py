from django.apps import AppConfig


class WindowConfig(AppConfig):
    name = "banshi.window"
    verbose_name = "大厅"

    def ready(self) -> None:
        from banshi.window import own_data, policies  # noqa: F401
