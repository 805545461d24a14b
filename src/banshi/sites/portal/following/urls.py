from django.urls import path

from banshi.sites.portal.following import handlers, mandates, own, progress

urlpatterns = [
    path("progress/", progress.ask, name="progress"),
    path("progress/<int:pk>/", progress.read, name="progress-of"),
    path("my/handlers/", handlers.handlers, name="handlers"),
    path("apply/<uuid:guid>/colleague/", handlers.colleague, name="application-colleague"),
    path("my/mandates/", mandates.mandates, name="mandates"),
    path("my/mandates/<uuid:guid>/end/", mandates.end, name="mandate-end"),
    path("my/mandates/<uuid:guid>/paper/", mandates.paper, name="mandate-paper"),
    path("my/cases/<int:pk>/", own.follow, name="my-case"),
    path("my/cases/<int:pk>/materials/<int:position>/", own.hand_in, name="my-case-material"),
    path("my/story/", own.own_story, name="my-story"),
    path("my/cases/<int:pk>/story/", own.story, name="my-case-story"),
    path("my/cases/<int:pk>/receipt.json", own.receipt, name="my-case-receipt"),
    path("my/cases/<int:pk>/supply/", own.send_supplement, name="my-case-supply"),
    path("my/cases/<int:pk>/promise/", own.promise, name="my-case-promise"),
    path("my/cases/<int:pk>/pay/<int:order>/", own.pay, name="my-case-pay"),
    path("my/cases/<int:pk>/pay/<int:order>/demo-cashier/", own.demo_cashier, name="demo-cashier"),
    path("my/cases/<int:pk>/withdraw/", own.withdraw_own, name="my-case-withdraw"),
    path("my/cases/<int:pk>/handed-in/<int:material>/", own.send_material, name="my-case-handed-in"),
    path("my/cases/<int:pk>/papers/<str:code>/", own.send_paper, name="my-case-paper"),
]
