from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "banshi.connectors"
    verbose_name = "对外渠道"

    def ready(self) -> None:
        from banshi.connectors.channel import OutletChannel
        from banshi.connectors.sms.channel import SmsChannel
        from banshi.connectors.webhook.channel import WebhookChannel
        from banshi.outbox.channels import register

        register(OutletChannel())
        register(SmsChannel())
        register(WebhookChannel())
