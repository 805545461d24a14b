from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "banshi.core"
    verbose_name = "办事内核"

    def ready(self) -> None:
        from banshi.core.known_migrations import refuse_before_migrating
        from banshi.core.schema import refuse_after_migrating

        pre_migrate.connect(refuse_before_migrating, sender=self)
        post_migrate.connect(refuse_after_migrating, sender=self)
