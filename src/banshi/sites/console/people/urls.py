from django.urls import path

from banshi.sites.console.people import views

urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.new_person, name="person-new"),
    path("erase/", views.erase, name="citizen-erase"),
    path("roles/", views.roles, name="roles"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/edit/", views.edit_person, name="person-edit"),
    path("<int:pk>/appoint/", views.appoint_person, name="appoint"),
    path("<int:pk>/password/", views.new_password, name="person-password"),
    path("<int:pk>/second-factor/", views.free_second_factor, name="person-second-factor"),
    path("<int:pk>/close/", views.close, name="person-close"),
    path("<int:pk>/open/", views.reopen, name="person-open"),
    path("posts/<int:pk>/end/", views.end, name="post-end"),
    path("posts/<int:pk>/delegate/", views.delegate_post, name="delegate"),
    path("delegations/<int:pk>/end/", views.take_back, name="delegation-end"),
]
