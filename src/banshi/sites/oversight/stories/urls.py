from django.urls import path

from banshi.sites.oversight.stories import views

urlpatterns = [
    path("cases/<int:pk>/", views.story, {"what": "cases"}, name="story"),
    path("<str:what>/<int:pk>/story/", views.story, name="story-of"),
    path("<str:what>/<uuid:guid>/story/", views.story, name="story-of"),
    path("<str:what>/<int:pk>/receipt.json", views.receipt, name="story-receipt"),
    path("<str:what>/<uuid:guid>/receipt.json", views.receipt, name="story-receipt"),
]
