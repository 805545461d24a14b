from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    name = "banshi.events"
    verbose_name = "事件"

    def ready(self) -> None:
        """Import every app's `events` module: its kinds, subjects and consumers."""
        autodiscover_modules("events")
