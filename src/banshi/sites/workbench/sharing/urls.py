from django.urls import path

from banshi.sites.workbench.sharing import (
    acting,
    calls,
    catalogue,
    corrections,
    objecting,
    requests,
    resource_acts,
    resources,
    verifying,
)

urlpatterns = [
    path("data/", resources.resources, name="data_resources"),
    path("data/<int:pk>/", resources.resource, name="data_resource"),
    path("data/<int:pk>/submit/", resources.submit, name="data_resource-submit"),
    path("data/<int:pk>/publish/", resources.announce, name="data_resource-publish"),
    path("data/<int:pk>/withdraw/", resources.withdraw, name="data_resource-withdraw"),
    path("data/<int:pk>/acts/<slug:name>/", resource_acts.act, name="data_resource-act"),
    path("data/catalogue.xlsx", catalogue.export, name="data_export"),
    path("data/import/", catalogue.upload, name="data_import"),
    path("data/import/<uuid:guid>/", catalogue.preview, name="data_import-file"),
    path("data/<int:pk>/ask/", requests.ask_for, name="data_resource-ask"),
    path("data/requests/", requests.requests, name="data_requests"),
    path("data/requests/<int:pk>/", requests.request_page, name="data_request"),
    path("data/requests/<int:pk>/<slug:name>/", acting.act, name="data_request-act"),
    path("data/corrections/", corrections.corrections, name="data_corrections"),
    path("data/corrections/<int:pk>/", corrections.correction, name="data_correction"),
    path("data/corrections/<int:pk>/look/", corrections.look, name="data_correction-look"),
    path("data/calls/", calls.calls, name="data_calls"),
    path("cases/<int:pk>/checks/", verifying.checks, name="case-checks"),
    path("cases/<int:pk>/checks/<int:number>/dispute/", objecting.dispute, name="case-check-dispute"),
    path("cases/<int:pk>/fetch/", objecting.fetch_again, name="case-fetch"),
]
