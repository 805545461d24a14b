"""Reading the ledger: filtered, by key set, and verified in the background."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from banshi.core.clock import CHINA, now
from banshi.jobs import tasks
from banshi.jobs.progress import progress_of
from banshi.sites.console.access import found
from banshi.sites.console.ledger.queries import about_named, entries_visible_to, named_subjects, subjects_named
from banshi.sites.kit.ledger_words import WORDS, words_of_act
from banshi.sites.kit.listing.filters import Equals, Filters, Where
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

PAGE = 50


def _since(text: str) -> Q:
    return Q(at__gte=day) if (day := _day(text)) else Q()


def _until(text: str) -> Q:
    return Q(at__lt=day + timedelta(days=1)) if (day := _day(text)) else Q()


class LedgerFilters(Filters):
    who = Where(lambda name: Q(actor=name) | Q(actor_name__contains=name), "谁", kind="text", hint="姓名")
    action = Equals("action", "操作")
    subject = Where(about_named, "对象", kind="text", hint="事项、单位、人员或工作的名称")
    since = Where(_since, "从", kind="date")
    until = Where(_until, "到", kind="date")


@login_required
@require_safe
def entries(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.LEDGER_VIEW)
    visible = entries_visible_to(request.user)
    filters = LedgerFilters.read(request.GET)
    shown = visible.filter(filters.condition())
    page = Page(shown, request.GET, by=("-number",), size=PAGE, ways=("before", "after"))
    names = named_subjects([each.subject for each in page.rows])
    context = {
        "page": page,
        "entries": [(each, words_of_act(each.action), names.get(each.subject, each.subject)) for each in page.rows],
        "filters": filters,
        "unknown": filters.subject if filters.subject and not subjects_named(filters.subject) else "",
        "controls": filters.controls(action=sorted(WORDS.items())),
    }
    return render(request, "console/ledger/entries.html", context)


@login_required
@require_safe
def entry(request: StaffRequest, number: int) -> HttpResponse:
    require(request.user, Permission.LEDGER_VIEW)
    one = found(entries_visible_to(request.user).select_related("block"), number=number)
    context = {
        "entry": one,
        "words": words_of_act(one.action),
        "called": named_subjects([one.subject]).get(one.subject, ""),
        "facts": list(one.facts.items()),
        "crumbs": [(reverse("console:ledger"), "操作记录"), ("", f"第{number}条")],
    }
    return render(request, "console/ledger/entry_part.html" if request.htmx else "console/ledger/entry.html", context)  # type: ignore[attr-defined]


@login_required
@require_POST
def verify(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.LEDGER_VIEW)
    task = tasks.verify_ledger.enqueue(at=now().isoformat())
    return redirect("console:ledger-verifying", task.id)


@login_required
@require_safe
def verifying(request: StaffRequest, key: UUID) -> HttpResponse:
    """Return the page, and for htmx the part that asks again."""
    require(request.user, Permission.LEDGER_VIEW)
    context = {"progress": progress_of(str(key)), "crumbs": [(reverse("console:ledger"), "操作记录"), ("", "核对")]}
    part = "console/ledger/verifying_part.html"
    return render(request, part if request.htmx else "console/ledger/verifying.html", context)  # type: ignore[attr-defined]


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), CHINA)
    except ValueError:
        return None
