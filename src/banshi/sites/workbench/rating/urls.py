from django.urls import path

from banshi.sites.workbench.rating import views

urlpatterns = [
    path("ratings/", views.bad_ratings, name="bad-ratings"),
    path("ratings/told/<int:pk>/", views.told, name="bad-rating-told"),
    path("ratings/<uuid:guid>/", views.bad_rating, name="bad-rating"),
    path("ratings/<uuid:guid>/rater/", views.rater, name="bad-rating-rater"),
    path("ratings/<uuid:guid>/act/<slug:name>/", views.act, name="bad-rating-act"),
    path("cases/<int:pk>/rating/", views.invitation, name="case-rating"),
]
