from django.urls import path

from banshi.sites.console.ledger import views

urlpatterns = [
    path("", views.entries, name="ledger"),
    path("<int:number>/", views.entry, name="ledger-entry"),
    path("verify/", views.verify, name="ledger-verify"),
    path("verify/<uuid:key>/", views.verifying, name="ledger-verifying"),
]
