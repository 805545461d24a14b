from django.urls import path

from banshi.sites.portal.verification.views import ask_for_code, show_paper

urlpatterns = [
    path("", ask_for_code, name="verify"),
    path("<str:code>/", show_paper, name="verify-paper"),
]
