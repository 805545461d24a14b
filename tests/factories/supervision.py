"""Findings of supervision."""

from datetime import datetime
from typing import Any

from banshi.cases.models import Case
from banshi.supervision.models import Irregularity
from tests.factories import NOON


def found(case: Case, at: datetime = NOON, **more: Any) -> Irregularity:
    """An overdue case that supervision found."""
    given = {"rule": "case-overdue", "level": "red", "subject": f"cases.Case:{case.pk}", "mark": "red:1", **more}
    about = {"case": case, "organ": case.organ, "item": case.item, "answerer": case.organ}
    return Irregularity.objects.create(**given, **about, happened_at=at, found_at=at)
