from django.urls import path

from banshi.sites.console.outlets import views

urlpatterns = [
    path("", views.outlets, name="outlets"),
    path("new/", views.choose, name="outlet-choose"),
    path("new/<slug:code>/", views.new, name="outlet-new"),
    path("<int:pk>/", views.outlet, name="outlet"),
    path("<int:pk>/edit/", views.edit, name="outlet-edit"),
    path("<int:pk>/check/", views.check, name="outlet-check"),
    path("<int:pk>/end/", views.end, name="outlet-end"),
]
