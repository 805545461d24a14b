from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "banshi.campaigns"
    verbose_name = "清理规范审核"
