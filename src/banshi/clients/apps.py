from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "banshi.clients"

    def ready(self) -> None:
        from banshi.clients import policies, tasks  # noqa: F401
