from django.urls import path

from banshi.sites.portal.privacy.views import show_privacy

urlpatterns = [path("", show_privacy, name="privacy")]
