from django.urls import path

from banshi.sites.workbench.references import comparing, issuing, keeping, proposing, views

urlpatterns = [
    path("references/", views.references, name="references"),
    path("references/new/", views.new, name="reference-new"),
    path("references/changed/", comparing.changed, name="references-changed"),
    path("references/import/", issuing.upload, name="editions-import"),
    path("references/import/<uuid:guid>/", issuing.preview, name="editions-import-file"),
    path("references/proposals/", proposing.proposals, name="proposals"),
    path("references/proposals/<int:pk>/", proposing.proposal, name="proposal"),
    path("references/proposals/<int:pk>/withdraw/", proposing.withdraw, name="proposal-withdraw"),
    path("references/<int:number>/", issuing.reference, name="reference"),
    path("references/<int:number>/issue/", issuing.issue, name="reference-issue"),
    path("references/<int:number>/units/", keeping.units, name="reference-units"),
    path("items/<uuid:guid>/reference/", views.claim, name="claim"),
    path("items/<uuid:guid>/reference/compare/", comparing.compare, name="reference-compare"),
    path("items/<uuid:guid>/reference/take/", comparing.take, name="reference-take"),
    path("items/<uuid:guid>/reference/keep/", comparing.keep, name="reference-keep"),
    path("items/<uuid:guid>/reference/propose/", proposing.propose, name="propose"),
]
