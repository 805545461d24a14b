from django.urls import path

from banshi.sites.workbench.today import views

urlpatterns = [path("", views.today, name="today")]
