from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "banshi.outbox"
    verbose_name = "待发消息"

    def ready(self) -> None:
        from banshi.outbox.channels import register
        from banshi.outbox.mail import MailChannel

        register(MailChannel())
