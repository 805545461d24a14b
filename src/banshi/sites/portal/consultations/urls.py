from django.urls import path

from banshi.sites.portal.consultations import views

urlpatterns = [
    path("", views.consultations, name="consultations"),
    path("<uuid:guid>/", views.consultation, name="consultation"),
    path("<uuid:guid>/comment/", views.comment, name="consultation-comment"),
    path("<uuid:guid>/<uuid:entry>/", views.planned, name="consultation-entry"),
    path("<uuid:guid>/<uuid:entry>/comment/", views.comment, name="consultation-entry-comment"),
]
