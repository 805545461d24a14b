from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "banshi.sites.counter"
    label = "sites_counter"
