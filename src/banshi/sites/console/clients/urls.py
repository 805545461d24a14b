from django.urls import path

from banshi.sites.console.clients import keys, views

urlpatterns = [
    path("", views.clients, name="clients"),
    path("new/system/", views.new_system, name="client-new-system"),
    path("new/app/", views.new_app, name="client-new-app"),
    path("<int:pk>/", views.client, name="client"),
    path("<int:pk>/edit/", views.edit, name="client-edit"),
    path("<int:pk>/secret/", views.new_secret, name="client-secret"),
    path("<int:pk>/webhook/", views.webhook, name="client-webhook"),
    path("<int:pk>/webhook/check/", views.check, name="client-webhook-check"),
    path("<int:pk>/keys/new/", keys.new_key, name="client-key-new"),
    path("<int:pk>/keys/<int:key>/revoke/", keys.revoke, name="client-key-revoke"),
    path("<int:pk>/end/", views.end, name="client-end"),
]
