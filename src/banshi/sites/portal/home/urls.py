from django.urls import path

from banshi.sites.portal.home.views import show_home

urlpatterns = [path("", show_home, name="home")]
