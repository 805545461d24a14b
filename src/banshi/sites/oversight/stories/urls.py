from django.urls import path

from banshi.sites.oversight.stories import views

urlpatterns = [
    path("cases/<int:pk>/", views.story, name="story"),
    path("cases/<int:pk>/receipt.json", views.receipt, name="story-receipt"),
]
