from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "banshi.calendar"
    verbose_name = "工作日历"
