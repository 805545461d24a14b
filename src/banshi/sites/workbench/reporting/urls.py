from django.urls import path

from banshi.sites.workbench.reporting import papers, views

urlpatterns = [
    path("reports/", views.units, name="reports"),
    path("reports/<int:pk>/", views.unit, name="report"),
    path("reports/<int:pk>/contacts/", views.contacts, name="report-contacts"),
    path("reports/<int:pk>/summary/", views.summary, name="report-summary"),
    path("reports/<int:pk>/entries/", views.entries, name="report-entries"),
    path("reports/<int:pk>/entries/disposition/", views.dispose, name="report-dispose"),
    path("reports/<int:pk>/entries/gather/", views.gather, name="report-gather"),
    path("reports/<int:pk>/entries/take-off/", views.take_off, name="report-take-off"),
    path("reports/<int:pk>/absences/", views.absences, name="report-absences"),
    path("reports/<int:pk>/lists/<slug:annex>/", views.annex, name="report-annex"),
    path("reports/<int:pk>/sign/", views.sign, name="report-sign"),
    path("reports/<int:pk>/recall/", views.recall, name="report-recall"),
    path("reports/<int:pk>/scan/<int:report>/", views.scan, name="report-scan"),
    path("reports/<int:pk>/<slug:form>.xlsx", papers.table, name="report-table"),
    path("reports/<int:pk>/guides.pdf", papers.guides, name="report-guides"),
    path("reports/<int:pk>/forms.<slug:form>", papers.forms, name="report-forms"),
    path("reports/entry/<uuid:guid>/", views.entry, name="report-entry"),
]
