from django.urls import path

from banshi.sites.portal.rulebook.views import show_rulebook

urlpatterns = [path("", show_rulebook, name="rulebook")]
