from django.urls import path

from banshi.sites.workbench.desk import bulk, experts, groups, opinion_views, views

urlpatterns = [
    path("desk/", views.queue, name="desk"),
    path("desk/entries/<uuid:guid>/", views.entry, name="desk-entry"),
    path("desk/entries/<uuid:guid>/claim/", views.claim, name="desk-claim"),
    path("desk/entries/<uuid:guid>/release/", views.release, name="desk-release"),
    path("desk/entries/<uuid:guid>/give/", opinion_views.give, name="desk-give"),
    path("desk/entries/<uuid:guid>/conclude/", opinion_views.conclude, name="desk-conclude"),
    path("desk/entries/<uuid:guid>/recuse/", opinion_views.recuse, name="desk-recuse"),
    path("desk/agree/", bulk.agree, name="desk-agree"),
    path("desk/pass/", bulk.pass_all, name="desk-pass"),
    path("desk/groups/", groups.groups, name="desk-groups"),
    path("desk/groups/new/<int:pk>/", groups.new_group, name="desk-group-new"),
    path("desk/groups/<int:pk>/dissolve/", groups.dissolve, name="desk-group-dissolve"),
    path("desk/experts/", experts.experts, name="desk-experts"),
    path("desk/experts/send/", experts.send, name="desk-send"),
    path("desk/experts/<int:pk>/withdraw/", experts.withdraw, name="desk-expert-withdraw"),
    path("desk/experts/<int:pk>/phone/", experts.phone, name="desk-expert-phone"),
]
