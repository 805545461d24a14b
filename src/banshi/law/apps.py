from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LawConfig(AppConfig):
    name = "banshi.law"
    verbose_name = "法规"

    def ready(self) -> None:
        from banshi.law.loading import renew_shipped_laws

        post_migrate.connect(renew_shipped_laws, sender=self)
