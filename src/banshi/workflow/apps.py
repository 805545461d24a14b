from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "banshi.workflow"
    verbose_name = "流程"
