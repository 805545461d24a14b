from django.urls import path

from banshi.sites.workbench.campaigns import lists, views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", views.new, name="campaign-new"),
    path("campaigns/plans/<slug:code>.toml", views.plan_file, name="campaign-plan"),
    path("campaigns/<uuid:guid>/", views.campaign, name="campaign"),
    path("campaigns/<uuid:guid>/dates/", views.dates, name="campaign-dates"),
    path("campaigns/<uuid:guid>/dates/again/", views.lay_out, name="campaign-lay-out"),
    path("campaigns/<uuid:guid>/bodies/", views.bodies, name="campaign-bodies"),
    path("campaigns/<uuid:guid>/entries/", lists.entries, name="campaign-entries"),
    path("campaigns/<uuid:guid>/entries.xlsx", lists.entries_sheet, name="campaign-entries-sheet"),
    path("campaigns/<uuid:guid>/entries/chosen/", lists.leave_chosen, name="campaign-leave-chosen"),
    path("campaigns/<uuid:guid>/entries/leave/", lists.leave, name="campaign-leave"),
    path("campaigns/<uuid:guid>/entries/back/", lists.rejoin_chosen, name="campaign-rejoin-chosen"),
    path("campaigns/<uuid:guid>/entries/rejoin/", lists.rejoin, name="campaign-rejoin"),
    path("campaigns/<uuid:guid>/units/", lists.units, name="campaign-units"),
    path("campaigns/<uuid:guid>/units.xlsx", lists.units_sheet, name="campaign-units-sheet"),
    path("campaigns/<uuid:guid>/units/<int:pk>/", lists.unit, name="campaign-unit"),
    path("campaigns/<uuid:guid>/units/<int:pk>/leave/", lists.leave_unit, name="campaign-unit-leave"),
    path("campaigns/<uuid:guid>/units/<int:pk>/rejoin/", lists.rejoin_unit, name="campaign-unit-rejoin"),
    path("campaigns/<uuid:guid>/explanations/", lists.explanations, name="campaign-explanations"),
    path("campaigns/<uuid:guid>/open/", views.open_, name="campaign-open"),
    path("campaigns/<uuid:guid>/stop/", views.stop, name="campaign-stop"),
]
