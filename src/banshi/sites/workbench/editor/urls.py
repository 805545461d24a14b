from django.urls import path

from banshi.sites.workbench.editor import form_preview, uploads, views

urlpatterns = [
    path("items/<uuid:guid>/draft/", views.start, name="draft-start"),
    path("items/<uuid:guid>/edit/", views.edit, name="editor"),
    path("items/<uuid:guid>/edit/side/", views.side, name="editor-side"),
    path("items/<uuid:guid>/edit/check/", views.check, name="editor-check"),
    path("items/<uuid:guid>/edit/flow.svg", views.chart, name="editor-chart"),
    path("items/<uuid:guid>/edit/form/", form_preview.form_preview, name="editor-form"),
    path("items/<uuid:guid>/edit/resolve/", views.resolve, name="editor-resolve"),
    path("items/<uuid:guid>/edit/discard/", views.discard, name="editor-discard"),
    path("items/<uuid:guid>/edit/upload/", uploads.upload, name="editor-upload"),
    path("files/<uuid:guid>/", uploads.download, name="file"),
]
