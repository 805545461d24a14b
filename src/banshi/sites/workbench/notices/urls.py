from django.urls import path

from banshi.sites.workbench.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/new/", views.new, name="notice-new"),
    path("notices/<int:number>/", views.edit, name="notice"),
    path("notices/<int:number>/remove/", views.remove, name="notice-remove"),
]
