"""Of allauth's addresses only those we have pages for."""

from allauth.account import views as account
from django.urls import include, path

from banshi.sites.signin import consent, views

urlpatterns = [
    path("", include((consent.metadata, "oauth2_metadata"))),
    path("oauth/", include((consent.endpoints, "oauth2_provider"))),
    path("accounts/login/", views.Door.as_view(), name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/2fa/totp/activate/", views.SecondFactorSetup.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("my/", views.my, name="my"),
    path("my/look/<slug:field>/", views.look, name="my_look"),
    path("my/data/", views.own_data, name="my_data"),
    path("my/erase/", views.erase, name="my_erase"),
    path("my/mail/", views.mail, name="my_mail"),
    path("my/messages/", views.my_messages, name="my_messages"),
    path("my/messages/read/", views.read_messages, name="my_messages_read"),
    path("my/apps/<int:pk>/take-back/", consent.take_back, name="my_app_take_back"),
    path("my/leave-elsewhere/", views.leave_elsewhere, name="my_leave_elsewhere"),
]
