from django.urls import path

from banshi.sites.portal.expert import views

urlpatterns = [
    path("<str:token>/", views.home, name="expert"),
    path("<str:token>/<uuid:guid>/", views.entry, name="expert-entry"),
]
