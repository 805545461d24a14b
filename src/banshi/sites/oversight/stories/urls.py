from django.urls import path

from banshi.sites.oversight.stories import views

urlpatterns = [
    path("cases/<int:key>/", views.story, {"what": "cases"}, name="story"),
    path("<str:what>/<int:key>/story/", views.story, name="story-of"),
    path("<str:what>/<uuid:key>/story/", views.story, name="story-of"),
    path("<str:what>/<int:key>/receipt.json", views.receipt, name="story-receipt"),
    path("<str:what>/<uuid:key>/receipt.json", views.receipt, name="story-receipt"),
]
