from django.urls import path

from banshi.sites.portal.draws import views

urlpatterns = [
    path("", views.draws, name="draws"),
    path("<int:pk>.json", views.published, name="draw-file"),
]
