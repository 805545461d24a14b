from django.urls import path

from banshi.sites.console.offices import views

urlpatterns = [
    path("", views.offices, name="offices"),
    path("<int:pk>/end/", views.end, name="office-end"),
]
