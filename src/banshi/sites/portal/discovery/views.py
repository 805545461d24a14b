"""Files at fixed addresses for crawlers, browsers and security researchers."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sitemaps.views import index
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.sites.kit.staff import STAFF_PAGES
from banshi.sites.portal.discovery.sitemaps import SITEMAPS

PRIVATE = (*STAFF_PAGES, "/accounts/", "/my/")
VALID = timedelta(days=180)


@require_safe
def send_robots(request: HttpRequest) -> HttpResponse:
    """Send robots.txt (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('portal:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def send_sitemap_index(request: HttpRequest) -> HttpResponse:
    """Send the index of sitemaps, of which an empty one is no valid sitemap and is left out."""
    filled: dict[str, Any] = {name: kind for name, kind in SITEMAPS.items() if kind().paginator.count}
    return index(request, sitemaps=filled, sitemap_url_name="portal:sitemap-section")


@require_safe
def send_security(request: HttpRequest) -> HttpResponse:
    """Serve security.txt (RFC 9116), which names whom to tell of a weakness, where the office named somebody."""
    if not settings.SECURITY_CONTACT:
        raise Missing("这里还没有登记安全联系人", remedy="发现漏洞请打 12345，由他们转给网站的管理单位。")
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {now() + VALID:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_URL}{reverse('portal:security')}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def send_opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers (OpenSearch 1.1)."""
    return render(request, "portal/opensearch.xml", content_type="application/opensearchdescription+xml")
