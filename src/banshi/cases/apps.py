from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "banshi.cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from banshi.cases import exchange_purpose, policies, receivers  # noqa: F401
        from banshi.cases.actions import succession  # noqa: F401
