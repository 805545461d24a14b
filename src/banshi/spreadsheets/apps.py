from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    name = "banshi.spreadsheets"
    verbose_name = "表格导入导出"

    def ready(self) -> None:
        from banshi.spreadsheets import policies  # noqa: F401
