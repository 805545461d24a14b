from django.urls import path

from banshi.sites.portal.draws import views

urlpatterns = [
    path("", views.draws, name="draws"),
    path("giving/<int:pk>/", views.giving, name="draw-giving"),
    path("<int:pk>.json", views.published, name="draw-file"),
]
