from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    name = "banshi.sites.kit"
    label = "sites_kit"

    def ready(self) -> None:
        autodiscover_modules("menu", "links")
