from django.urls import path

from banshi.sites.console.running import views

urlpatterns = [
    path("", views.running, name="running"),
    path("system/", views.system, name="system"),
    path("schedule/<slug:name>/", views.run_now, name="schedule-run"),
    path("<uuid:key>/", views.task, name="task"),
]
