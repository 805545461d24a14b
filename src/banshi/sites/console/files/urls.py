from django.urls import path

from banshi.sites.console.files import views

urlpatterns = [path("<uuid:guid>/", views.download, name="file")]
