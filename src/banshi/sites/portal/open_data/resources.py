"""The catalogue of data resources for everybody: metadata alone, whole as linked data, an entry as a page too."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from pydantic_core import to_json

from banshi.core.errors import Missing
from banshi.exchange.dcat import dcat_ap, dcat_dataset, page_of
from banshi.exchange.enums import InformationKind, Sharing
from banshi.exchange.queries import public_resources

LINKED_DATA = "application/ld+json"


@require_safe
def send_dcat(request: HttpRequest) -> HttpResponse:
    publisher = settings.CITY_NAME or settings.SITE_URL
    graph = dcat_ap(public_resources(), site=settings.SITE_URL, publisher=publisher)
    return HttpResponse(to_json(graph), content_type=LINKED_DATA)


@require_safe
def show_resource(request: HttpRequest, code: str) -> HttpResponse:
    """Answer at the address that names an entry, in the form asked for (content negotiation)."""
    one = public_resources().filter(code=code).first()
    if one is None:
        raise Missing("公开的目录里没有这一条", remedy="请到“开放数据”下载数据资源目录查找。")
    if request.get_preferred_type(["text/html", LINKED_DATA, "application/json"]) in (LINKED_DATA, "application/json"):
        related = public_resources().filter(code__in=one.related).values_list("code", flat=True)
        graph = dcat_dataset(one, site=settings.SITE_URL, public=[*related])
        answer = HttpResponse(to_json(graph), content_type=LINKED_DATA)
    else:
        items = [
            {
                "label": each["label"],
                "kind": InformationKind(each.get("kind", InformationKind.TEXT)).label,
                "sharing": Sharing(each.get("sharing") or one.sharing).label,
            }
            for each in one.items
        ]
        context = {"resource": one, "items": items, "address": page_of(settings.SITE_URL, one.code)}
        answer = render(request, "portal/open_resource.html", context)
    patch_vary_headers(answer, ["Accept"])
    return answer
