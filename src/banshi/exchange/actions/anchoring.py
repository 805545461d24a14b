"""Anchors of the call log in the ledger, which is sealed, signed and kept outside the database."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.exchange.call_log import ANCHORED
from banshi.exchange.models import CallHead
from banshi.ledger import Actor, record
from banshi.ledger.models import LedgerEntry


@transaction.atomic
def anchor_calls(*, by: Actor, at: datetime) -> int:
    """Write the end of the chain into the ledger, unless it stands there, and return its number."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    head = CallHead.objects.select_for_update().filter(pk=1).first()
    if head is None or head.number == 0:
        return 0
    last = LedgerEntry.objects.filter(action=ANCHORED).order_by("-number").first()
    if last is None or last.facts["number"] != head.number:
        record(ANCHORED, head, by=by, at=at, facts={"number": head.number, "digest": head.digest})
    return head.number
