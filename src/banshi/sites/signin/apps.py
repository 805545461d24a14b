from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "banshi.sites.signin"
    label = "sites_signin"

    def ready(self) -> None:
        from banshi.sites.signin import receivers  # noqa: F401
