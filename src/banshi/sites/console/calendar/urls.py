from django.urls import path

from banshi.sites.console.calendar import views

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("<int:year>/", views.calendar, name="calendar-year"),
    path("<int:year>/days/", views.change_days, name="calendar-days"),
    path("<int:year>/confirm/", views.confirm, name="calendar-confirm"),
    path("load/", views.load, name="calendar-load"),
]
