from django.urls import path

from banshi.sites.workbench.complaints import views

urlpatterns = [
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/new/", views.new, name="complaint-new"),
    path("complaints/<int:pk>/", views.complaint, name="complaint"),
    path("complaints/<int:pk>/files/<uuid:guid>/", views.attachment, name="complaint-file"),
    path("complaints/<int:pk>/reporter/", views.reporter, name="complaint-reporter"),
    path("complaints/<int:pk>/act/<slug:name>/", views.act, name="complaint-act"),
]
