"""Tasks of one person today."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from banshi.calendar.deadlines import Remaining, remaining
from banshi.calendar.queries import calendar_in_force
from banshi.cases.models import Promise
from banshi.cases.queries import DeskTab, commitments_to_check
from banshi.catalog.models import Item, Publication, Revision
from banshi.core.clock import day_of, now
from banshi.exchange.models import Correction, Resource
from banshi.exchange.queries import (
    anomalies_waiting,
    corrections_waiting,
    demands_waiting,
    entries_waiting,
    requests_waiting,
)
from banshi.notifications.links import path_of
from banshi.people.models import Post, User
from banshi.registers.queries import EditionComparison, comparisons, items_behind
from banshi.rulebook.enums import Severity
from banshi.rulebook.queries import flaws_visible_to, open_flaws
from banshi.sites.kit.permissions import Permission, current_posts, organs_where
from banshi.sites.workbench.handling.listing import counts, lines, most_pressing, steps_shown
from banshi.spreadsheets.models import ImportBatch
from banshi.supervision.models import SupervisionOrder
from banshi.supervision.queries import orders_to_answer
from banshi.supervision.rules import label_of_finding

SHOWN = 8
COUNTED = 999
TO_CHECK = 50
COMPARED = 60


def cases_due(user: User) -> dict[str, Any]:
    """List the steps of cases that wait for the person's desk, the most pressing first, and count the desks."""
    at = now()
    tabs = (DeskTab.OVERDUE, DeskTab.TODAY, DeskTab.MINE, DeskTab.UNIT)
    counted = {tab: count for tab, count in counts(user, at=at).items() if tab in tabs}
    if not any(counted.values()):
        return {}
    waiting: QuerySet[Any] = steps_shown(user, DeskTab.UNIT, Q(), at=at)
    return {**counted, "lines": lines(most_pressing(waiting.order_by("pressing", "id"), SHOWN), at=at)}


def commitments_due(user: User) -> list[tuple[Promise, Remaining | None]]:
    """List commitments one's office has to check, each with what is left of its days."""
    at, calendar = now(), calendar_in_force()
    day = day_of(at)
    return [
        (each, remaining(calendar.day_of(each.last_rank), on=day, calendar=calendar) if each.last_rank else None)
        for each in commitments_to_check(user, at=at)[:TO_CHECK]
    ]


def supervision_orders(user: User) -> list[tuple[str, str, SupervisionOrder, Remaining]]:
    """List orders (督办) one has to answer: what was found, its page, the order and what is left of its days."""
    at, calendar = now(), calendar_in_force()
    return [
        (
            label_of_finding(each.irregularity.rule, each.irregularity.level),
            path_of("irregularity", str(each.irregularity_id)),
            each,
            remaining(each.due, on=day_of(at), calendar=calendar),
        )
        for each in orders_to_answer(user, at=at)[:SHOWN]
    ]


def entries_due(user: User) -> list[tuple[Resource, Remaining | None]]:
    """List entries of the data catalogue that wait for the person, each with what is left of its days."""
    at, calendar = now(), calendar_in_force()
    rows = entries_waiting(user, at=at)[:SHOWN]
    ranks = [(each, each.check_due_rank or each.update_due_rank) for each in rows]
    return [
        (each, remaining(calendar.day_of(rank), on=day_of(at), calendar=calendar) if rank else None)
        for each, rank in ranks
    ]


def corrections_due(user: User) -> list[tuple[Correction, Remaining]]:
    """List what a person's organ has to say to 这不对 about its data, each with what is left of its days."""
    at, calendar = now(), calendar_in_force()
    rows = corrections_waiting(user, at=at)[:SHOWN]
    return [(each, remaining(calendar.day_of(each.due_rank), on=day_of(at), calendar=calendar)) for each in rows]


@dataclass(frozen=True, slots=True)
class SharingTask:
    """Task of data sharing with its page, name, words and the rest of its days."""

    address: str
    name: str
    words: str
    left: Remaining | None


def sharing_due(user: User, held: frozenset[Permission]) -> list[SharingTask]:
    """List requests, demands and unusual calls that wait for the person, requests first by their last day."""
    at, found = now(), list[SharingTask]()
    if held & {Permission.EXCHANGE_PROVIDE, Permission.EXCHANGE_OVERSEE, Permission.EXCHANGE_ASK}:
        calendar = calendar_in_force()
        for each in requests_waiting(user, at=at)[:SHOWN]:
            lacks, rank = each.lacking_told_at and not each.completed_at, each.delivery_due_rank or each.due_rank
            words = f"要补充：{each.lacking}" if lacks else "已同意，等着提供数据" if each.answered_at else "等着答复"
            if each.extension_asked_at and not each.extended_at:
                words += f"；提供单位申请延长，等主管部门同意：{each.extension_reason}"
            left = remaining(calendar.day_of(rank), on=day_of(at), calendar=calendar) if rank else None
            asks, address = f"{each.organ.called}申请使用 · {words}", path_of("data_request", str(each.pk))
            found.append(SharingTask(address, each.resource.name, asks, left))
        for demand in demands_waiting(user, at=at)[:SHOWN]:
            words = f"{demand.organ.called}需要这些数据 · 等着回应"
            found.append(SharingTask(path_of("data_demand", str(demand.pk)), demand.wanted, words, None))
    if Permission.EXCHANGE_AUDIT in held:
        for one in anomalies_waiting(user, at=at)[:SHOWN]:
            found.append(SharingTask(path_of("data_anomaly", str(one.pk)), f"调用异常：{one.label}", one.words, None))
    return found


def drafts_of(user: User) -> QuerySet[Revision]:
    """List drafts the person may go on with, last saved first."""
    return (
        Revision.objects.filter(state=Revision.State.DRAFT, item__organ__in=organs_where(user, Permission.ITEM_EDIT))
        .select_related("item__organ", "author")
        .order_by("-saved_at")
    )


def incomplete_items(user: User) -> QuerySet[Item]:
    """List items in use whose newest guide lacks something, the emptiest first."""
    return (
        Item.objects.filter(state="active", percent__lt=100, organ__in=organs_where(user, Permission.ITEM_EDIT))
        .select_related("organ")
        .order_by("percent", "-id")
    )


def imports_of(user: User) -> QuerySet[ImportBatch]:
    """List tables the person uploaded and has not yet confirmed or dropped, and those imported within a week."""
    waiting = Q(state=ImportBatch.State.PREVIEWED)
    done = Q(state=ImportBatch.State.APPLIED, applied_at__gt=now() - timedelta(days=7))
    return ImportBatch.objects.filter(waiting | done, created_by=user).select_related("file")


def must_change(user: User) -> int:
    """Count findings that must be changed in what the person writes, never beyond what the page can show."""
    flaws = open_flaws(flaws_visible_to(user, Permission.ITEM_EDIT, at=now())).filter(severity=Severity.MUST)
    return flaws[:COUNTED].count()


def recently_published(user: User) -> QuerySet[Publication]:
    return (
        Publication.objects.filter(item__organ__in=organs_where(user, Permission.ITEM_VIEW), until=None)
        .select_related("item__organ")
        .order_by("-since", "-id")
    )


def whom_to_ask(user: User) -> QuerySet[Post]:
    """Find who publishes for the divisions the person works in."""
    divisions = {post.organ.division_id for post in current_posts(user)}
    above = {code[:length].ljust(len(code), "0") for code in divisions for length in (2, 4, 6) if len(code) >= length}
    return (
        Post.objects.filter(role="publisher", until=None, organ__division__in=divisions | above)
        .exclude(user=user)
        .select_related("user", "organ")
        .order_by("-organ__division_id", "id")
    )


def changed_above(user: User) -> list[EditionComparison]:
    """List items the person writes whose reference item has a newer edition, as far as something is still to be
    decided.
    """
    behind = list(items_behind(user, Permission.ITEM_EDIT, at=now())[:COMPARED])
    return [each for each in comparisons(behind) if each.flagged] if behind else []
