from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "banshi.search"
    verbose_name = "搜索"

    def ready(self) -> None:
        from banshi.search import receivers  # noqa: F401  (connects the receiver)
