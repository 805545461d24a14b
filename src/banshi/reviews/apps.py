from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "banshi.reviews"
    verbose_name = "清理规范审核"
