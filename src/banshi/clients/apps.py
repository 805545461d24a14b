from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "banshi.clients"

    def ready(self) -> None:
        from banshi.clients import actions, policies, tasks  # noqa: F401
