"""Printed at the kiosk by whoever has number and query code."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.cases.models import Case
from banshi.ledger import Actor, record
from banshi.papers.models import Paper


@transaction.atomic
def print_at_kiosk(case: Case, paper: Paper, *, by: Actor, at: datetime) -> None:
    """Record that a paper of a case is printed at a kiosk, which the person sees among the looks at it."""
    by = authorize(by, Permission.RESULT_PRINT, at=at)
    record("cases.look", case, by=by, at=at, facts={"what": "kiosk", "number": paper.number})
