from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgerConfig(AppConfig):
    name = "banshi.ledger"
    verbose_name = "操作记录"

    def ready(self) -> None:
        """Import every app's checks of the texts that its acts record."""
        autodiscover_modules("ledger_proofs")
