from django.apps import AppConfig
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    name = "banshi.sites.kit"
    label = "sites_kit"

    def ready(self) -> None:
        autodiscover_modules("menu", "links")
        # Django's Chinese says that an empty text was used.
        ProhibitNullCharactersValidator.message = "里面有看不见的空字符，请删掉以后重新填写"
