from django.urls import path

from banshi.sites.workbench.campaigns import views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", views.new, name="campaign-new"),
    path("campaigns/plans/<slug:code>.toml", views.plan_file, name="campaign-plan"),
    path("campaigns/<uuid:guid>/", views.campaign, name="campaign"),
    path("campaigns/<uuid:guid>/dates/", views.dates, name="campaign-dates"),
    path("campaigns/<uuid:guid>/dates/again/", views.lay_out, name="campaign-lay-out"),
    path("campaigns/<uuid:guid>/bodies/", views.bodies, name="campaign-bodies"),
    path("campaigns/<uuid:guid>/units/", views.units, name="campaign-units"),
    path("campaigns/<uuid:guid>/units/<int:pk>/", views.unit, name="campaign-unit"),
    path("campaigns/<uuid:guid>/open/", views.open_, name="campaign-open"),
    path("campaigns/<uuid:guid>/stop/", views.stop, name="campaign-stop"),
]
