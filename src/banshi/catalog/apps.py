from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "banshi.catalog"
    verbose_name = "事项目录"

    def ready(self) -> None:
        from banshi.catalog import policies  # noqa: F401
