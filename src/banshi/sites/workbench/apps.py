from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "banshi.sites.workbench"
    label = "sites_workbench"
