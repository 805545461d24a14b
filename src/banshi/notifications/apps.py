from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    name = "banshi.notifications"
    verbose_name = "消息"

    def ready(self) -> None:
        from banshi.notifications import own_data  # noqa: F401

        autodiscover_modules("notifications")
