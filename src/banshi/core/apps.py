from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "banshi.core"
    verbose_name = "办事内核"

    def ready(self) -> None:
        """Every app's tasks are imported, so that its entries are on the schedule."""
        autodiscover_modules("chores", "tasks")
