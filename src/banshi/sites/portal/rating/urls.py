from django.urls import path

from banshi.sites.portal.rating import figures, views

urlpatterns = [
    path("rate/", views.ask, name="rate-ask"),
    path("rate/<str:code>/", views.give, name="rate"),
    path("rate/<str:code>/again/", views.again, name="rate-again"),
    path("my/ratings/<int:pk>/", views.own, name="rate-own"),
    path("ratings/", figures.ratings, name="ratings"),
]
