from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.catalog.models import Change, Listing
from banshi.catalog.provenance import Provenance
from banshi.sites.kit.address import url_of

FORMS = (
    ("json", "JSON", "程序读取，含全部指南要素"),
    ("csv", "CSV", "表格软件或统计软件打开"),
    ("xlsx", "Excel", "目录表，办公软件直接打开"),
)


@require_safe
def show_open_data(request: HttpRequest) -> HttpResponse:
    context = {
        "count": Listing.objects.exclude(provenance=Provenance.PAGE).count(),
        "samples": Listing.objects.filter(provenance=Provenance.PAGE).count(),
        "changed": Change.objects.order_by("-number").values_list("at", flat=True).first(),
        "files": [(word, text, f"/open-data/catalogue.{ending}") for ending, word, text in FORMS],
        "docs": url_of("api_docs"),
    }
    return render(request, "portal/open_data.html", context)
