"""Reads of findings."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from banshi.access import Permission
from banshi.people.posts import organs_where
from banshi.supervision.models import Irregularity, SupervisionOrder

ENDED = ("closed", "dismissed", "censured")


def words_of_case(of: Irregularity) -> str:
    """Name the case and the item a finding is about."""
    item = f"“{of.item.name}”" if of.item else ""
    return f"办件{of.case.number}{item}" if of.case else item or "办件以外的事"


def irregularities_visible_to(user: Any, *, at: datetime) -> QuerySet[Irregularity]:
    """List findings of the organs one supervises or heads, and those one's organ has to answer."""
    organs = organs_where(user, Permission.SUPERVISION_VIEW, at)
    found = Irregularity.objects.filter(Q(organ__in=organs) | Q(answerer__in=organs))
    return found.select_related("organ", "answerer", "item", "case")


def waiting_for(user: Any, *, at: datetime) -> QuerySet[Irregularity]:
    """List findings that wait for one's act: to be answered, or to be dealt with when red."""
    answering = organs_where(user, Permission.SUPERVISION_ANSWER, at)
    ordering = organs_where(user, Permission.SUPERVISION_ORDER, at)
    mine = Q(state="ordered", answerer__in=answering)
    return Irregularity.objects.filter(
        mine | Q(Q(state="found", level="red") | Q(state="answered"), organ__in=ordering)
    )


def overdue_orders(day: date) -> QuerySet[SupervisionOrder]:
    """List orders whose day to answer by has gone without an answer."""
    return SupervisionOrder.objects.filter(due__lt=day, answered_at=None, irregularity__state="ordered")
