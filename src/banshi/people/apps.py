from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "banshi.people"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from banshi.people import policies  # noqa: F401
