from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "banshi.feedback"
    verbose_name = "评价和诉求"

    def ready(self) -> None:
        from banshi.feedback import followers, own_data, policies, retention  # noqa: F401
        from banshi.feedback.replies import ReplyChannel
        from banshi.outbox.channels import register

        register(ReplyChannel())
