from django.urls import path

from banshi.sites.workbench.complaints import views

urlpatterns = [
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/new/", views.new, name="complaint-new"),
    path("complaints/told/<int:pk>/", views.told, name="complaint-told"),
    path("complaints/<uuid:guid>/", views.complaint, name="complaint"),
    path("complaints/<uuid:guid>/files/<uuid:file>/", views.attachment, name="complaint-file"),
    path("complaints/<uuid:guid>/reporter/", views.reporter, name="complaint-reporter"),
    path("complaints/<uuid:guid>/act/<slug:name>/", views.act, name="complaint-act"),
]
