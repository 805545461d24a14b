"""可追溯、可核查: the whole story of a case, an item, a campaign or a complaint, and its receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from banshi.campaigns.models import Campaign
from banshi.cases.models import Case
from banshi.catalog.models import Item
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.feedback.models import Complaint
from banshi.feedback.queries import kept_from
from banshi.feedback.refused_reads import refuse_look
from banshi.ledger import name_of
from banshi.ledger.models import LedgerEntry
from banshi.ledger.receipts import receipt_text
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.ledger_words import told_entries
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.supervision.queries import irregularities_visible_to
from banshi.supervision.rules import label_of_finding
from banshi.supervision.story import story_of_campaign, story_of_case, story_of_complaint, story_of_item, told_about


@dataclass(frozen=True, slots=True)
class Told:
    """A kind of matter whose story is told: what it is called, and by which columns one is named and found.

    A running number in an address would tell how many complaints there were, and since when.
    """

    model: type[Model]
    label: str
    title: Callable[[Any], str]
    number: Callable[[Any], str]
    story: Callable[[Any], QuerySet[LedgerEntry]]
    key: Literal["pk", "guid"] = "pk"


STORIES = {
    "cases": Told(Case, "办件", lambda it: it.item.name, lambda it: it.number, partial(story_of_case, supervised=True)),
    "items": Told(Item, "事项", lambda it: it.name, lambda it: it.code or f"事项{it.pk}", story_of_item, "guid"),
    "campaigns": Told(Campaign, "清理规范工作", str, lambda it: f"清理规范工作{it.pk}", story_of_campaign),
    "complaints": Told(
        Complaint, "诉求", lambda it: it.get_kind_display(), lambda it: it.number, story_of_complaint, "guid"
    ),
}


@login_required
@require_safe
def story(request: StaffRequest, what: str, pk: int | None = None, guid: UUID | None = None) -> HttpResponse:
    """Tell everything that was recorded of a matter."""
    told, it = _matter(request, what, pk or guid)
    found, entries = irregularities_visible_to(request.user, at=now()), told.story(it)
    number = told.number(it)
    called = number if number.startswith(told.label) else f"{told.label}{number}"
    found = found.filter(case=it) if isinstance(it, Case) else found.filter(subject=name_of(it))
    context = {
        "title": told.title(it),
        "number": told.number(it),
        "organ": it.organ,
        "entries": told_entries(entries, told_about(entries, within=it)),
        "findings": [(each, label_of_finding(each.rule, each.level)) for each in found],
        "receipt": reverse("oversight:story-receipt", args=[what, pk or guid]),
        "crumbs": [
            *([(reverse("oversight:cases"), "办件")] if what == "cases" else []),
            ("", told.number(it) if what == "cases" else f"{called}的全过程"),
        ],
    }
    return render(request, "oversight/stories/story.html", context)


@login_required
@require_safe
def receipt(request: StaffRequest, what: str, pk: int | None = None, guid: UUID | None = None) -> HttpResponse:
    told, it = _matter(request, what, pk or guid)
    return send_bytes(receipt_text(list(told.story(it)), about=told.number(it), at=now()), f"{told.number(it)}.json")


def _matter(request: StaffRequest, what: str, key: int | UUID | None) -> tuple[Told, Any]:
    """Find a matter of the organs one supervises."""
    require(request.user, Permission.SUPERVISION_VIEW)
    if (told := STORIES.get(what)) is None or isinstance(key, UUID) is (told.key == "pk"):
        raise Missing("没有这种记录", remedy="请从监察的列表里打开。")
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    found = told.model._default_manager.filter(organ__in=organs, **{told.key: key}).select_related("organ").first()
    missing = Missing(f"没有这个{told.label}", remedy=f"它可能由别的单位办理。请回到{told.label}列表查找。")
    if found is None:
        raise missing
    if isinstance(found, Complaint) and Complaint.objects.filter(kept_from(request.user), pk=found.pk).exists():
        refuse_look(found, missing, what="story", by=request.user, at=now())
    return told, found
