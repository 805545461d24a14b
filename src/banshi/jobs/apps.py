from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "banshi.jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Import every app's tasks, so that its entries are on the schedule."""
        autodiscover_modules("tasks")
