from django.urls import path

from banshi.sites.console.retention import views

urlpatterns = [
    path("", views.retention, name="retention"),
    path("<slug:code>/delete/", views.delete, name="retention-delete"),
]
