"""双随机公示: the digests that bind each draw, as they were published, and the file by which anybody recomputes it."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.core.errors import Missing
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.listing.pages import Page
from banshi.supervision.drawing import WHOLE
from banshi.supervision.models import InspectionDraw
from banshi.supervision.queries import draws_public

PAGE = 20


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    page = Page(draws_public(), request.GET, by=("-id",), size=PAGE)
    rows = [(each, list(each.numbers.all())) for each in page.rows]
    return render(request, "portal/draws.html", {"page": page, "rows": rows})


@require_safe
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file of a draw, unless it is of the first ones, which name cases and inspectors."""
    found = InspectionDraw.objects.filter(pk=pk, drawn_at__isnull=False).first() if pk < 2**63 else None
    if found is None or found.told is None or WHOLE not in found.told:
        raise Missing("没有这次抽查公布的文件", remedy="抽取以后才有。请回到“双随机公示”查看。")
    return send_bytes(json.dumps(found.told, ensure_ascii=False, indent=1), f"draw-{pk}.json")
