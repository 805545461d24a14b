from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "banshi.reception"
    verbose_name = "窗口收件"

    def ready(self) -> None:
        from banshi.reception import own_data, policies, retention  # noqa: F401
