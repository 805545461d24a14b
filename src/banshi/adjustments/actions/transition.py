"""One step of an adjustment: lock, check, move, tell the ledger. The other actions are made of it."""

from datetime import datetime
from typing import Any

from banshi.access import Allowed
from banshi.adjustments.deadlines import due_day
from banshi.adjustments.models import Adjustment
from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.models import Item, Publication
from banshi.ledger import record
from banshi.workflow.actions import move
from banshi.workflow.versions import definition_of


def locked(adjustment: Adjustment) -> Adjustment:
    rows = Adjustment.objects.select_for_update(of=("self",))
    return rows.select_related("item__organ__division", "text__item").get(pk=adjustment.pk)


def advance(
    adjustment: Adjustment, name: str, *, note: str = "", by: Allowed, at: datetime, **changes: Any
) -> Adjustment:
    """Make the move, with the next deadline and a ledger entry that names the text seen.

    Inside the caller's transaction.
    """
    due = due_day(adjustment, coming=(definition_of(adjustment).move_named(name).to, at))
    move(adjustment, name, by=by, at=at, note=note, due=due, reminded_on=None, **changes)
    facts = {"item": adjustment.item_id, "kind": adjustment.kind, "note": note, "digest": seen_of(adjustment)}
    record(f"adjustments.{name}", adjustment, by=by, at=at, facts=facts)
    return adjustment


def seen_of(adjustment: Adjustment) -> str:
    """Digest of what an examiner reads: the frozen text, or what was last in force, and a new identity where asked for."""
    if adjustment.text:
        text = adjustment.text.digest
    else:
        last = last_publication(adjustment.item)
        text = last.revision.digest if last else ""
    return digest_seen(text, adjustment.identity)


def digest_seen(text: str, identity: dict[str, str] | None) -> str:
    return content_digest({"text": text, "identity": identity}) if identity else text


def last_publication(item: Item) -> Publication | None:
    return item.publications.select_related("revision").first()
