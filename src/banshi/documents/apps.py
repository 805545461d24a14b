from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "banshi.documents"
    verbose_name = "文书"
