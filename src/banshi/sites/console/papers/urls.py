from django.urls import path

from banshi.sites.console.papers import views

urlpatterns = [
    path("", views.list_kinds, name="papers"),
    path("letterhead/<int:pk>/", views.edit_letterhead, name="letterhead"),
    path("<slug:code>/", views.edit_template, name="paper-template"),
]
