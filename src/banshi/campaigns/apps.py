from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "banshi.campaigns"
    verbose_name = "清理规范审核"

    def ready(self) -> None:
        from banshi.campaigns import policies, workflow_rules  # noqa: F401
