from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "banshi.connectors"
    verbose_name = "对外渠道"

    def ready(self) -> None:
        from banshi.connectors.channel import OutletChannel
        from banshi.connectors.express.connector import express_in_settings
        from banshi.connectors.mailbox.connector import mailbox_in_settings
        from banshi.connectors.payment.connector import gateway_in_settings
        from banshi.connectors.sms.channel import SmsChannel
        from banshi.connectors.webhook.channel import WebhookChannel
        from banshi.exchange.sources import register_source
        from banshi.feedback.letters import register_mailbox
        from banshi.fees.gateway import register_gateway
        from banshi.handout.express import register_express
        from banshi.outbox.channels import register

        register(OutletChannel())
        register(SmsChannel())
        register(WebhookChannel())
        register_gateway(gateway_in_settings)
        register_express(express_in_settings)
        register_mailbox(mailbox_in_settings)
        register_source("sql", "banshi.connectors.sql_source.connector.SqlSource")
        register_source("http", "banshi.connectors.http_source.connector.HttpSource")
        register_source("banshi", "banshi.connectors.banshi_source.connector.BanshiSource")
        register_source("sheet", "banshi.connectors.sheet_source.connector.SheetSource")
