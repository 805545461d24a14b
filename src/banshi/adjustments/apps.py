from django.apps import AppConfig


class AdjustmentsConfig(AppConfig):
    name = "banshi.adjustments"
    verbose_name = "动态调整"

    def ready(self) -> None:
        from banshi.adjustments import deadlines, guards, policies, workflow_rules  # noqa: F401
