"""Reads of outlets and their deliveries."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from banshi.catalog.models import Change, Listing
from banshi.connectors.base import Letter
from banshi.connectors.models import Delivery, Outlet

State = Delivery.State


def outlets() -> QuerySet[Outlet]:
    """All not ended, with counts: deliveries `waiting` and `refused`, changes `ahead` of the cursor."""
    of_one = Delivery.objects.filter(outlet=OuterRef("pk"))
    return Outlet.objects.filter(ended_at=None).annotate(
        waiting=_count(of_one.filter(state=State.WAITING)),
        refused=_count(of_one.filter(state=State.REFUSED)),
        ahead=_count(sent_out().filter(number__gt=OuterRef("position"))),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    alone = rows.order_by().values(all=Value(1)).annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(alone, output_field=IntegerField()), 0)


def newest_change() -> int:
    return Change.objects.aggregate(newest=Max("number"))["newest"] or 0


def outlets_due(at: datetime) -> QuerySet[Outlet]:
    now = Q(next_at=None) | Q(next_at__lte=at)
    return Outlet.objects.filter(now, ended_at=None, paused_at=None)


def outlets_with_work(at: datetime) -> QuerySet[Outlet]:
    """Those due that have changes to lay out or letters to send."""
    waiting = Delivery.objects.filter(Q(next_at=None) | Q(next_at__lte=at), outlet=OuterRef("pk"), state=State.WAITING)
    return outlets_due(at).filter(Q(position__lt=newest_change()) | Exists(waiting))


def sent_out() -> QuerySet[Change]:
    """Changes that concern outlets: examples composed for demonstration leave the house only in a demonstration."""
    return Change.objects.all() if settings.DEMO else Change.objects.filter(item__is_example=False)


def standing(changes: QuerySet[Change], until: int) -> QuerySet[Change]:
    """Of each item the newest change up to `until`, unless it took the item down: what a newcomer has to be told."""
    newer = Change.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"), number__lte=until)
    return changes.exclude(operation=Change.Operation.DELETE).filter(~Exists(newer))


def deliveries_due(outlet: Outlet, at: datetime) -> QuerySet[Delivery]:
    """Oldest first; of each item only the first that waits, so that its changes arrive in their order."""
    earlier = Delivery.objects.filter(
        outlet=outlet, item=OuterRef("item"), state=State.WAITING, change__lt=OuterRef("change")
    )
    now = Q(next_at=None) | Q(next_at__lte=at)
    return Delivery.objects.filter(now, ~Exists(earlier), outlet=outlet, state=State.WAITING).order_by("change_id")


def letters_of(outlet: Outlet, chosen: list[Delivery]) -> list[Letter]:
    changes = Change.objects.select_related("item__organ__division", "publication__revision").in_bulk(
        [each.change_id for each in chosen]
    )
    items = [each.item_id for each in chosen]
    there, in_force = _there(outlet, items), _in_force(items)
    return [_letter(each, changes[each.change_id], there, in_force) for each in chosen]


def _there(outlet: Outlet, items: list[int]) -> dict[int, str]:
    """By item that the other side has: the receipt it gave for it."""
    made = Delivery.objects.filter(outlet=outlet, item__in=items, state=State.DELIVERED).order_by("change_id")
    newest = {
        item: (operation, receipt)
        for item, operation, receipt in made.values_list("item_id", "change__operation", "receipt")
    }
    return {item: receipt for item, (operation, receipt) in newest.items() if operation != Change.Operation.DELETE}


def _in_force(items: list[int]) -> dict[int, Listing]:
    return Listing.objects.select_related("publication__revision").in_bulk(items)


def _letter(delivery: Delivery, change: Change, there: dict[int, str], in_force: dict[int, Listing]) -> Letter:
    """A change of what the other side has not got is told as new there; one of the item's code alone carries the text in force."""
    operation = change.operation
    if operation == Change.Operation.UPDATE and delivery.item_id not in there:
        operation = Change.Operation.INSERT
    if change.publication is None and operation != Change.Operation.DELETE and delivery.item_id in in_force:
        change.publication = in_force[delivery.item_id].publication
    return Letter(
        change, operation, again=delivery.sent > 1, before=there.get(delivery.item_id, ""), begun=delivery.receipt
    )


def deliveries(outlet: Outlet, state: str = "") -> QuerySet[Delivery]:
    """Newest change first."""
    rows = outlet.deliveries.select_related("change", "item__organ").order_by("-change_id")
    return rows.filter(state=state) if state else rows


def counts_by_state(outlet: Outlet) -> dict[str, int]:
    return dict(outlet.deliveries.order_by().values_list("state").annotate(n=Count(F("pk"))))


def refused_everywhere() -> int:
    return Delivery.objects.filter(state=State.REFUSED, outlet__ended_at=None).count()


def outlets_long_away() -> QuerySet[Outlet, str]:
    """Names of those that have failed so often that their waits are the longest there are."""
    tries = int(settings.DELIVERY_LONGEST_WAIT / settings.DELIVERY_FIRST_WAIT).bit_length()
    return Outlet.objects.filter(failures__gt=tries, ended_at=None, paused_at=None).values_list("name", flat=True)
