"""Units that keep elements of one reference item, for who issued its editions."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banshi.campaigns.coverage import kindred
from banshi.catalog.models import Item
from banshi.people.models import Organ
from banshi.registers.queries import EditionComparison, comparisons, newest_edition
from banshi.sites.kit.address import text_in
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.references.issuing import reference_at

PAGE = 50
SHOWS = {"": "全部", "claimed": "认领了的", "unclaimed": "没有认领的"}


@dataclass(frozen=True, slots=True)
class ClaimingUnit:
    """A unit with an item that claims the reference item, or without `item`, one that claims none."""

    organ: Organ
    item: Item | None = None
    found: EditionComparison | None = None


@login_required
@require_GET
def units(request: StaffRequest, number: int) -> HttpResponse:
    """List units that claim it, and those of the same work that do not, among the ones the person sees."""
    require(request.user, Permission.ITEM_VIEW)
    reference, show = reference_at(number), text_in(request.GET, "show")
    claiming = Item.objects.filter(reference=reference, state="active")
    owners = Organ.objects.filter(pk__in=claiming.values("organ"))
    seen = kindred(owners).filter(pk__in=organs_where(request.user, Permission.ITEM_VIEW).order_by().values("pk"))
    all_of_them = seen.annotate(claims=Exists(claiming.filter(organ=OuterRef("pk"))))
    shown = all_of_them.filter(claims=show == "claimed") if show in ("claimed", "unclaimed") else all_of_them
    page = Page(shown.select_related("division"), request.GET, by=("pk",), size=PAGE)
    claimed = all_of_them.filter(claims=True).count()
    # One that claims it with several items stands there for each.
    items = list(Item.objects.filter(organ__in=page.rows, reference=reference, state="active").order_by("id"))
    found = {each.item.pk: each for each in comparisons(items)}
    own: dict[int, list[Item]] = {}
    for item in items:
        own.setdefault(item.organ_id, []).append(item)
    context = {
        "reference": reference,
        "newest": newest_edition(reference),
        "rows": [
            ClaimingUnit(organ, item, found.get(item.pk) if item else None)
            for organ in page.rows
            for item in own.get(organ.pk, [None])
        ],
        "page": page,
        "show": show,
        "shows": SHOWS,
        "claimed": claimed,
        "unclaimed": all_of_them.count() - claimed,
    }
    return render(request, "workbench/references/units.html", context)
