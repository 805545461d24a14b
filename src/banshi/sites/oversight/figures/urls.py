from django.urls import path

from banshi.sites.oversight.figures import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/rows/", views.rows, name="figure-rows"),
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/<int:organ>/", views.organ_indicators, name="organ-indicators"),
]
