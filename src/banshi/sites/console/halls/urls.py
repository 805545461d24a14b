from django.urls import path

from banshi.sites.console.halls import views

urlpatterns = [
    path("", views.halls, name="halls"),
    path("load/", views.load, name="hall-load"),
    path("<int:pk>/", views.hall, name="hall"),
    path("<int:pk>/change/", views.change, name="hall-change"),
    path("<int:pk>/counter/", views.counter, name="hall-counter"),
    path("<int:pk>/places/<int:skill>/", views.places, name="hall-places"),
    path("<int:pk>/kiosk/", views.new_address, name="hall-kiosk"),
    path("<int:pk>/close/", views.close, name="hall-close"),
    path("<int:pk>/reopen/", views.reopen, name="hall-reopen"),
]
