from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkflowConfig(AppConfig):
    name = "banshi.workflow"
    verbose_name = "流程"

    def ready(self) -> None:
        from banshi.workflow import checks  # noqa: F401
        from banshi.workflow.versions import keep_definitions

        post_migrate.connect(keep_definitions, sender=self)
