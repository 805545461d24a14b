"""Whose turn an adjustment is, and what they are told by mail before its last day."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse

from banshi.adjustments.models import Adjustment
from banshi.adjustments.permissions import desk_of
from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.people.mail import Line
from banshi.people.models import Organ
from banshi.people.permissions import Permission, roles_with
from banshi.people.queries import Acting, acting_at, posts_on
from banshi.workflow.versions import state_of

ADJUSTMENTS = "workbench:adjustments"
SUBJECT = "催办：事项动态调整快到期"
OWNERS, EXAMINERS, PUBLISHERS = (
    roles_with(each) for each in (Permission.ADJUST_APPLY, Permission.ADJUST_EXAMINE, Permission.ITEM_PUBLISH)
)


def of_limits(adjustments: Sequence[Adjustment], day: date) -> list[Line]:
    """A line for each, to whoever can bring it on: owners, examiners, or the nearest publishers."""
    turns = {each.pk: _turn(each) for each in adjustments}
    acting = acting_at({organ for organ, _ in turns.values()}, {*OWNERS, *EXAMINERS}, day)
    publishing, calendar = _publishing(day), calendar_in_force()
    lines = []
    for each in adjustments:
        organ, roles = turns[each.pk]
        users = {a.user for a in acting.get(organ, []) if a.post.role in roles}
        if each.state == "approved":
            users = _nearest(each.item.organ, publishing)
        state = state_of(each).label
        words = (
            f"{each.item.organ}：{each}，{state}，{remaining(each.due, on=day, calendar=calendar).words}。"
            if each.due
            else ""
        )
        lines.append(Line(users, SUBJECT, words, reverse("workbench:adjustment", args=[each.pk])))
    return lines


def _turn(adjustment: Adjustment) -> tuple[int, list[str]]:
    """The organ whose turn it is, and the roles there."""
    desk = desk_of(adjustment)
    if adjustment.state in ("prepared", "returned") or desk is None:
        return adjustment.item.organ_id, OWNERS
    return desk.pk, EXAMINERS


def _publishing(day: date) -> list[Acting]:
    """Everybody who publishes, and their deputies; they are few."""
    posts = posts_on(day).filter(role__in=PUBLISHERS)
    return [
        each
        for found in acting_at(set(posts.values_list("organ", flat=True)), PUBLISHERS, day).values()
        for each in found
    ]


def _nearest(organ: Organ, publishing: Iterable[Acting]) -> set[int]:
    """Those of the organ's own division; where there are none, of the next above it."""
    prefixes = [(each.post.organ.division.prefix, each.user) for each in publishing]
    reaching = [(len(prefix), user) for prefix, user in prefixes if organ.division_id.startswith(prefix)]
    deepest = max((depth for depth, _ in reaching), default=0)
    return {user for depth, user in reaching if depth == deepest}
