"""Reading the ledger: filtered, by key set, and verified in the background."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from banshi.core.clock import CHINA, now
from banshi.jobs import tasks
from banshi.jobs.progress import progress_of
from banshi.ledger.models import LedgerEntry
from banshi.people.permissions import Permission, require
from banshi.sites.console.access import found
from banshi.sites.console.ledger.queries import entries_visible_to
from banshi.sites.console.ledger.words import WORDS, words_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """As they stand in the address."""

    who: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "LedgerFilters":
        return cls(**{name: given.get(name, "").strip()[:150] for name in cls.__dataclass_fields__})

    def apply(self, rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        if self.who:
            rows = rows.filter(Q(actor=self.who) | Q(actor_name=self.who))
        if self.action:
            rows = rows.filter(action=self.action)
        if self.subject:
            rows = rows.filter(subject=self.subject)
        if since := _day(self.since):
            rows = rows.filter(at__gte=since)
        if until := _day(self.until):
            rows = rows.filter(at__lt=until + timedelta(days=1))
        return rows

    def query(self, **more: object) -> str:
        return urlencode({name: value for name, value in {**asdict(self), **more}.items() if value})


@login_required
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.LEDGER_VIEW)
    visible = entries_visible_to(request.user)
    filters, before = LedgerFilters.read(request.GET), request.GET.get("before", "")
    rows = filters.apply(visible.order_by("-number"))
    rows = rows.filter(number__lt=int(before)) if before.isascii() and before.isdigit() and len(before) < 19 else rows
    shown = list(rows[: PAGE + 1])
    context = {
        "entries": [(each, words_of(each.action)) for each in shown[:PAGE]],
        "actions": sorted(WORDS.items(), key=lambda pair: pair[0]),
        "filters": filters,
        "filtered": bool(filters.query()),
        "newest": filters.query() if before else "",
        "older": filters.query(before=shown[PAGE - 1].number) if len(shown) > PAGE else "",
    }
    return render(request, "console/ledger/entries.html", context)


@login_required
@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Permission.LEDGER_VIEW)
    one = found(entries_visible_to(request.user).select_related("block"), number=number)
    context = {
        "entry": one,
        "words": words_of(one.action),
        "facts": list(one.facts.items()),
        "crumbs": [(reverse("console:ledger"), "操作记录"), ("", f"第{number}条")],
    }
    return render(request, "console/ledger/entry_part.html" if request.htmx else "console/ledger/entry.html", context)  # type: ignore[attr-defined]


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.LEDGER_VIEW)
    task = tasks.verify_ledger.enqueue(at=now().isoformat())
    return redirect("console:ledger-verifying", task.id)


@login_required
@require_safe
def verifying(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page, and for htmx the part that asks again."""
    require(request.user, Permission.LEDGER_VIEW)
    context = {"progress": progress_of(str(key)), "crumbs": [(reverse("console:ledger"), "操作记录"), ("", "核对")]}
    part = "console/ledger/verifying_part.html"
    return render(request, part if request.htmx else "console/ledger/verifying.html", context)  # type: ignore[attr-defined]


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), CHINA)
    except ValueError:
        return None
