from django.apps import AppConfig


class BundlesConfig(AppConfig):
    name = "banshi.bundles"
    verbose_name = "一件事"

    def ready(self) -> None:
        from banshi.bundles import events, followers, own_data, policies, tasks  # noqa: F401
