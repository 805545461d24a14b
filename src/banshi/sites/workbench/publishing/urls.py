from django.urls import path

from banshi.sites.workbench.publishing import views

urlpatterns = [
    path("items/publish/", views.publish_chosen, name="publish-chosen"),
    path("items/<uuid:guid>/publish/", views.publish_one, name="publish"),
    path("items/<uuid:guid>/published/<int:number>/", views.published, name="published"),
]
