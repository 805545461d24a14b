from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "banshi.analysis"
    verbose_name = "目录分析"
