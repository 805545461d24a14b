"""The catalogue of data resources for programs of others: metadata alone, as linked data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from pydantic_core import to_json

from banshi.exchange.dcat import dcat_ap
from banshi.exchange.queries import public_resources


@require_safe
def send_dcat(request: HttpRequest) -> HttpResponse:
    publisher = settings.CITY_NAME or settings.SITE_URL
    graph = dcat_ap(public_resources(), site=settings.SITE_URL, publisher=publisher)
    return HttpResponse(to_json(graph), content_type="application/ld+json")
