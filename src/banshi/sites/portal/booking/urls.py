from django.urls import path

from banshi.sites.portal.booking import views

urlpatterns = [
    path("items/<uuid:guid>/book/", views.choose, name="book"),
    path("my/appointments/", views.appointments, name="my-appointments"),
    path("my/appointments/<uuid:guid>/cancel/", views.cancel, name="appointment-cancel"),
    path("my/appointments/<uuid:guid>/confirm/", views.confirm, name="appointment-confirm"),
    path("my/appointments/<uuid:guid>/calendar.ics", views.send_event, name="appointment-event"),
]
