from django.urls import path

from banshi.sites.workbench.rating import views

urlpatterns = [
    path("ratings/", views.bad_ratings, name="bad-ratings"),
    path("ratings/<int:pk>/", views.bad_rating, name="bad-rating"),
    path("ratings/<int:pk>/rater/", views.rater, name="bad-rating-rater"),
    path("ratings/<int:pk>/act/<slug:name>/", views.act, name="bad-rating-act"),
    path("cases/<int:pk>/rating/", views.invitation, name="case-rating"),
]
