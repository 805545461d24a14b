from django.urls import path

from banshi.sites.console.organs import views

urlpatterns = [
    path("", views.organs, name="organs"),
    path("new/", views.new_organ, name="organ-new"),
    path("divisions/", views.divisions, name="divisions"),
    path("<int:pk>/", views.organ, name="organ"),
    path("<int:pk>/edit/", views.edit_organ, name="organ-edit"),
    path("<int:pk>/close/", views.close, name="organ-close"),
    path("<int:pk>/hand-over/", views.hand_over, name="organ-hand-over"),
    path("<int:pk>/open/", views.reopen, name="organ-open"),
]
