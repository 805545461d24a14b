"""找东西 (Ctrl+K): items, units and notices by a word, each as far as the person may see it."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from banshi.catalog.models import Notice
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.sites.kit.address import text_in
from banshi.sites.kit.permissions import Permission, organs_where, require_post
from banshi.sites.kit.staff import StaffRequest

SHOWN = 20


@login_required
@require_GET
def find(request: StaffRequest) -> HttpResponse:
    require_post(request.user)
    asked = text_in(request.GET, "q", 100).strip()
    if not asked:
        return redirect("workbench:items")
    mine, coded = items_visible_to(request.user, at=now()), Q(code=asked) | Q(base_code=asked)
    found = mine.filter(Q(name__contains=asked) | coded).select_related("organ").order_by("-id")
    items = list(found[: SHOWN + 1])
    organs = organs_where(request.user, Permission.ITEM_VIEW).filter(active=True)
    named = organs.filter(Q(name__contains=asked) | Q(short_name__contains=asked))
    context = {
        "q": asked,
        "items": items[:SHOWN],
        "more": len(items) > SHOWN,
        "units": named.select_related("division")[:SHOWN],
        "notices": Notice.objects.filter(title__contains=asked)[:SHOWN],
    }
    return render(request, "workbench/items/find.html", context)
