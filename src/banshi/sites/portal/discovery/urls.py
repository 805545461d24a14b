from django.contrib.sitemaps.views import sitemap
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from banshi.sites.portal.discovery import calendars, feeds, views
from banshi.sites.portal.discovery.sitemaps import SITEMAPS


class Favicon(RedirectView):
    http_method_names = ["get", "head"]

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return staticfiles_storage.url("kit/favicon.svg")


urlpatterns = [
    path("robots.txt", views.send_robots, name="robots"),
    path(".well-known/security.txt", views.send_security, name="security"),
    path("opensearch.xml", views.send_opensearch, name="opensearch"),
    path("favicon.ico", Favicon.as_view(), name="favicon"),
    path(
        "sitemap.xml",
        views.send_sitemap_index,
        name="sitemap",
    ),
    path("sitemap-<section>.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("notices/feed.atom", require_safe(feeds.NoticeFeed()), name="notice-feed"),
    path("guides.atom", require_safe(feeds.GuideFeed()), name="guide-feed"),
    path("items/<uuid:guid>/done-by.ics", calendars.send_done_by, name="done-by"),
    path("consultations/<uuid:guid>/closing.ics", calendars.send_closing, name="closing"),
]
