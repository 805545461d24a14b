from django.urls import path

from banshi.sites.oversight.draws import views

urlpatterns = [
    path("draws/", views.draws, name="draws"),
    path("draws/new/", views.new, name="draw-new"),
    path("draws/<int:pk>/", views.draw, name="draw"),
    path("draws/<int:pk>/list/", views.close, name="draw-list"),
    path("draws/<int:pk>/party/", views.party, name="draw-party"),
    path("draws/<int:pk>/number/", views.number, name="draw-number"),
    path("draws/<int:pk>/run/", views.run, name="draw-run"),
    path("draws/<int:pk>/draw.json", views.published, name="draw-file"),
    path("draws/inspections/<int:pk>/", views.inspect, name="inspection"),
    path("draws/inspections/<int:pk>/right/", views.right, name="inspection-right"),
]
