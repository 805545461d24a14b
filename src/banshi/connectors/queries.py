"""Reads of outlets and of what is sent to them."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet

from banshi.catalog.models import Change, Listing
from banshi.connectors.base import Delivery
from banshi.connectors.models import Outlet
from banshi.outbox.models import Message
from banshi.outbox.queries import DEAD, UNDER_WAY, count_of


def outlets() -> QuerySet[Outlet]:
    """List all not ended, with counts: messages `waiting` and `dead`, changes `ahead` of the cursor."""
    of_one = Message.objects.filter(queue=OuterRef("pk"))
    return Outlet.objects.filter(ended_at=None).annotate(
        waiting=count_of(of_one.filter(state__in=UNDER_WAY)),
        dead=count_of(of_one.filter(state__in=DEAD)),
        ahead=count_of(sent_out().filter(number__gt=OuterRef("position"))),
    )


def newest_change() -> int:
    return Change.objects.aggregate(newest=Max("number"))["newest"] or 0


def sent_out() -> QuerySet[Change]:
    """List changes that concern outlets, with examples composed for demonstration in a demonstration only."""
    return Change.objects.all() if settings.DEMO else Change.objects.filter(item__is_example=False)


def standing(changes: QuerySet[Change], until: int) -> QuerySet[Change]:
    """Find of each item the newest change up to `until`, unless it took the item down: what a newcomer has to be told."""
    newer = Change.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"), number__lte=until)
    return changes.exclude(operation=Change.Operation.DELETE).filter(~Exists(newer))


def deliveries_of(outlet: Outlet, messages: Sequence[Message]) -> list[Delivery]:
    changes, items = changes_of(messages), [int(each.group) for each in messages]
    groups = {each.group for each in messages}
    made = outlet.messages.filter(group__in=groups, state=Message.State.SENT).order_by("position")
    newest = {each.group: each for each in made.only("group", "position", "receipt")}
    gone = Change.objects.filter(
        number__in=[each.position for each in newest.values()], operation=Change.Operation.DELETE
    ).values_list("number", flat=True)
    taken_down = set(gone)
    receipts = {int(each.group): each.receipt for each in newest.values() if each.position not in taken_down}
    there, in_force = receipts, Listing.objects.select_related("publication__revision").in_bulk(items)
    return [_delivery(each, changes[each.position], there, in_force) for each in messages]


def changes_of(messages: Iterable[Message]) -> dict[int, Change]:
    """Return the change of each message, by its number."""
    found = Change.objects.select_related("item__organ__division", "publication__revision")
    return found.in_bulk([each.position for each in messages])


def _delivery(message: Message, change: Change, there: dict[int, str], in_force: dict[int, Listing]) -> Delivery:
    """Return a change of what the other side has not got is told as new there."""
    # One of the item's code alone carries the text in force.
    operation, item = change.operation, change.item_id
    if operation == Change.Operation.UPDATE and item not in there:
        operation = Change.Operation.INSERT
    if change.publication is None and operation != Change.Operation.DELETE and item in in_force:
        change.publication = in_force[item].publication
    return Delivery(change, operation, again=message.attempts > 1, before=there.get(item, ""), begun=message.receipt)
