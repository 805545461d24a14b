from django.urls import path

from banshi.sites.oversight.findings import views

urlpatterns = [
    path("findings/", views.findings, name="findings"),
    path("findings/<int:pk>/", views.finding, name="finding"),
    path("findings/<int:pk>/papers/<int:paper>/", views.paper, name="finding-paper"),
    path("findings/<int:pk>/<str:name>/", views.act, name="finding-act"),
    path("rules/", views.rules, name="rules"),
]
