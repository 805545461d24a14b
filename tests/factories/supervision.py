"""Findings of supervision."""

from datetime import datetime
from typing import Any

from banshi.cases.models import Case
from banshi.people.models import Organ, User
from banshi.supervision.models import Inspection, InspectionDraw, Irregularity
from tests.factories import NOON


def drawn_from(organ: Organ) -> InspectionDraw:
    """A draw whose seed is bound, and nothing more."""
    given = {"title": "抽查", "kind": "cases", "count": 1, "seed_sealed": b"", "commitment": "0" * 64}
    return InspectionDraw.objects.create(organ=organ, **given, prepared_at=NOON)


def inspected(case: Case, inspector: User) -> Inspection:
    """A case that was drawn."""
    return Inspection.objects.create(draw=drawn_from(case.organ), organ=case.organ, case=case, inspector=inspector)


def found(case: Case, at: datetime = NOON, **more: Any) -> Irregularity:
    """An overdue case that supervision found."""
    given = {"rule": "case-overdue", "level": "red", "subject": f"cases.Case:{case.pk}", "mark": "red:1", **more}
    about = {"case": case, "organ": case.organ, "item": case.item, "answerer": case.organ}
    return Irregularity.objects.create(**given, **about, happened_at=at, found_at=at)
