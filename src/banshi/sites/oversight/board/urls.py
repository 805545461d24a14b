from django.urls import path

from banshi.sites.oversight.board import views

urlpatterns = [
    path("", views.board, name="board"),
    path("cases/", views.cases, name="cases"),
]
