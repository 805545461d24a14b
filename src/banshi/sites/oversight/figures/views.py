"""Figures of a month or a year by organ, item and counter, the rows behind each, and the indicators made of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED
from banshi.cases.models import Case
from banshi.catalog.models import Item
from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.events.kinds import KINDS
from banshi.feedback.models import Complaint
from banshi.feedback.policy import policy
from banshi.feedback.queries import kept_from
from banshi.people.models import Organ
from banshi.sites.kit.address import as_key
from banshi.sites.kit.listing.filters import Filters, OrganNamed, Where, tabs
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.oversight.streams import news_address
from banshi.supervision.bulletins import by_month_chart
from banshi.supervision.indicators import assess, assessed_alone, assessment, retrospective
from banshi.supervision.measures import (
    BY,
    MonitoringMeasure,
    amounts,
    amounts_within,
    events_of,
    findings_of,
    measures,
    measures_on,
)
from banshi.supervision.periods import Period
from banshi.supervision.rules import label_of_finding
from banshi.supervision.withheld_ratings import (
    OF_RATINGS,
    RATED_MEASURE,
    rating_measures,
    totals,
    withheld_items,
    withheld_organs,
    without_withheld,
)
from banshi.window.models import Counter

BOARDS = {"organ": "按单位", "item": "按事项", "counter": "按窗口"}
SHOWN = 200
PAGE = 50
PEERS = 100
"""Organs of a tier on the page, the best first; a bulletin names all."""


class PeriodFilter(Where):
    """A month or a year of the address, this month when none is asked for."""

    def read(self, query: Any) -> str:
        return str(Period.read(super().read(query)) or "")


class FigureFilters(Filters):
    period = PeriodFilter(lambda _: Q(), "时间", every="本月", narrows=False)
    organ = OrganNamed("", "单位", every="全部单位")
    by = Where(lambda _: Q(), options=list(BOARDS.items()), narrows=False)
    measure = Where(lambda _: Q(), narrows=False)
    item = Where(lambda _: Q())
    counter = Where(lambda _: Q())

    @property
    def chosen(self) -> Period:
        return Period.read(self.period) or Period.month_of(today())


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A row of a board: its name, and each measure with the address of what is behind it."""

    name: str
    cells: list[tuple[MonitoringMeasure, int | None, str]]


@dataclass(frozen=True, slots=True)
class BehindLine:
    """An event or a finding behind a figure, with what it adds to a sum."""

    row: Any
    label: str
    story: str
    at: datetime
    amount: int = 1


@login_required
@require_safe
def figures(request: StaffRequest) -> HttpResponse:
    """Show what was done by organ, or within one organ by item or by counter."""
    filters, organs = _asked(request)
    by, period = filters.by or "organ", filters.chosen
    organ = _organ(organs, filters)
    columns = measures_on(by)  # type: ignore[arg-type]
    if by != "organ" and organ is None:
        busy = amounts(organs, period, columns)
        organ = organs.filter(pk=max(busy, key=lambda key: busy[key][next(iter(columns))], default=0)).first()
        filters = FigureFilters(**filters.asked | {"organ": str(organ.pk)}) if organ else filters
    if by == "organ" or organ is None:
        found = amounts([organ.pk] if organ else organs, period, columns)
        told = organs.values_list("pk", "name", "short_name")
        names = {pk: short or name for pk, name, short in told if pk in found}
        few: Collection[int] = withheld_organs(found, period)
    else:
        found = amounts_within(organ, period, by, columns)  # type: ignore[arg-type]
        names = _names(by, list(found))
        hidden = _withheld_within(organ, period)
        few = set(found) if hidden is None else hidden
    first = next(iter(columns))
    ordered = sorted(found, key=lambda key: (-found[key].get(first, 0), key))
    within = {"organ": str(organ.pk), "by": by} if organ and by != "organ" else {}
    base = FigureFilters(period=str(period), **within)
    lines = []
    for key in ordered[:SHOWN]:
        row = base.as_query(**{by: str(key)})
        amounts_told = without_withheld(
            found[key], few=key in few and any(found[key].get(each) for each in rating_measures())
        )
        cells = [(each, amounts_told.get(code, 0), f"{row}&measure={code}") for code, each in columns.items()]
        lines.append(FigureLine(names.get(key, "—"), cells))
    sums = totals(found, columns, few=few)
    whole = without_withheld(sums, few=bool(few) and not sums.get(RATED_MEASURE))
    context: dict[str, Any] = {
        "filters": filters,
        "controls": _controls(filters, organs, organ),
        "tabs": tabs(filters, "by", BOARDS, chosen=by),
        "by": BOARDS[by].removeprefix("按"),
        "columns": list(columns.values()),
        "least": policy().rating.least_shown,
        "lines": lines,
        "totals": [(each, whole[code], base.as_query(measure=code)) for code, each in columns.items()],
        "left_out": len(found) - SHOWN,
        "period": period,
        "organ": organ if by != "organ" else None,
        "stream": news_address(),
        "chart": by_month_chart([organ.pk] if organ else organs, period),
    }
    return render(request, "oversight/figures/figures.html", context)


@login_required
@require_safe
def rows(request: StaffRequest) -> HttpResponse:
    """List the events or findings behind a figure, the newest first."""
    filters, organs = _asked(request)
    measure = measures().get(filters.measure)
    if measure is None:
        raise Missing("没有这个数", remedy="请回到“运行情况”，点要看的数字。")
    organ = _organ(organs, filters)
    within: QuerySet[Organ] | list[int] = [organ.pk] if organ else organs
    source: QuerySet[Any] = (
        findings_of(within, filters.chosen) if measure.finding is not None else events_of(within, filters.chosen)
    )
    if filters.item:
        source = source.filter(item=as_key(filters.item))
    if filters.counter and measure.event:
        source = source.annotate(counter=BY["counter"]).filter(counter=as_key(filters.counter))
    if filters.by == "item" or (filters.by == "counter" and measure.event):
        # The total of such a board leaves out what has no item, no counter.
        source = source.annotate(by=BY[filters.by]).exclude(by=None)
    few, hidden = False, set[int]()
    if measure.event in OF_RATINGS:
        hidden = withheld_organs(within, filters.chosen)
        within = (organs.filter(pk=organ.pk) if organ else organs).exclude(pk__in=hidden)
        source = source.filter(organ__in=within)
        few = bool(organ and organ.pk in hidden)
        if filters.item or filters.counter or filters.by in ("item", "counter"):
            items = _withheld_within(organ, filters.chosen) if organ and not filters.counter else None
            few = few or items is None or as_key(filters.item) in items
            source = source.exclude(item__in=items or ())
    found = source.filter(measure.condition)
    page = Page(found.select_related("organ", "item"), request.GET, by=("-id",), size=PAGE)
    if measure.event and not (filters.item or filters.counter or filters.by in ("item", "counter")):
        counted = amounts(within, filters.chosen, {filters.measure: measure})
        total = sum(each[filters.measure] for each in counted.values())  # as the board told it
    else:
        total = found.aggregate(total=measure.amount)["total"] or 0
    complaints = [each.subject_id for each in page.rows if getattr(each, "subject_type", "") == Complaint._meta.label]
    seen = Complaint.objects.exclude(kept_from(request.user)).filter(pk__in=complaints)
    guids: dict[int, UUID] = dict(seen.values_list("pk", "guid")) if complaints else {}
    context = {
        "measure": measure,
        "period": filters.chosen,
        "organ": organ,
        "few": policy().rating.least_shown if few or hidden else None,
        "page": page,
        "total": None if few else total,
        "lines": [] if few else [_told(each, measure, guids) for each in page.rows],
        "crumbs": [(f"{reverse('oversight:figures')}?period={filters.chosen}", "运行情况"), ("", measure.label)],
    }
    return render(request, "oversight/figures/rows.html", context)


@login_required
@require_safe
def indicators(request: StaffRequest) -> HttpResponse:
    """Rank organs among their peers by the indicators of a month or a year."""
    filters, organs = _asked(request)
    found = amounts(organs, filters.chosen, assessment().measured)
    some, few = organs.filter(pk__in=list(found)).select_related("division"), withheld_organs(organs, filters.chosen)
    since = retrospective(filters.chosen)
    context = {
        "filters": filters,
        "rules": assessment(),
        "indicators": [(each, since.get(code)) for code, each in assessment().indicators.items()],
        "controls": [each for each in _controls(filters, organs, None) if each.filter.name == "period"],
        "period": filters.chosen,
        "tiers": [(tier, peers[:PEERS], len(peers) - PEERS) for tier, peers in assess(some, found, few=few).items()],
    }
    return render(request, "oversight/figures/indicators.html", context)


@login_required
@require_safe
def organ_indicators(request: StaffRequest, organ: int) -> HttpResponse:
    """Show how each indicator of one organ is computed, every number with the rows behind it."""
    filters, organs = _asked(request)
    it = organs.filter(pk=organ).select_related("division").first()
    if it is None:
        raise Missing("没有这个单位", remedy="请回到“效能评估”查看。")
    rules, asked = assessment(), measures()
    found = amounts([it.pk], filters.chosen, asked)
    few = it.pk in withheld_organs([it.pk], filters.chosen)
    assessed = assessed_alone(it, found.get(it.pk, {}), few=few)
    told = without_withheld(found.get(it.pk, {}), few=few)
    base = FigureFilters(period=str(filters.chosen), organ=str(it.pk))
    since = retrospective(filters.chosen)
    lines = [
        (
            rules.indicators[code],
            since.get(code),
            figure,
            [
                (asked[name], told[name], base.as_query(measure=name))
                for name in sorted(rules.indicators[code].read_formula.names)
            ],
        )
        for code, figure in (assessed.figures if assessed else {}).items()
    ]
    context = {
        "it": it,
        "assessed": assessed,
        "least": policy().rating.least_shown,
        "lines": lines,
        "period": filters.chosen,
        "crumbs": [(f"{reverse('oversight:indicators')}?period={filters.chosen}", "效能评估"), ("", it.name)],
    }
    return render(request, "oversight/figures/organ.html", context)


def _asked(request: StaffRequest) -> tuple[FigureFilters, QuerySet[Organ]]:
    require(request.user, Permission.SUPERVISION_VIEW)
    return FigureFilters.read(request.GET), organs_where(request.user, Permission.SUPERVISION_VIEW)


def _withheld_within(organ: Organ, period: Period) -> Collection[Any] | None:
    """Find the items whose ratings are withheld, None where all are."""
    # In a month all are: the year less its other months would tell one of few.
    if period.month or organ.pk in withheld_organs([organ.pk], period):
        return None
    return withheld_items(organ, period) - {None}


def _organ(organs: QuerySet[Organ], filters: FigureFilters) -> Organ | None:
    """Find the organ that was asked for among those one supervises."""
    if not filters.organ:
        return None
    named = Q(pk=as_key(filters.organ)) if filters.organ.isdecimal() else filters.condition()
    found = organs.filter(named).order_by(Length("name"), "pk").first()
    if found is None:
        raise Missing("没有这个单位", remedy="它可能不归您监察。请回到“运行情况”查看。")
    return found


def _controls(filters: FigureFilters, organs: QuerySet[Organ], organ: Organ | None) -> Any:
    month = Period.month_of(today())
    periods = [*reversed(month.months), Period(month.year), Period(month.year - 1)]
    return filters.controls(
        period=[(str(each), each.label) for each in periods],
        organ=organ_options(organs, str(organ.pk) if organ else ""),
    )


def _names(by: str, keys: list[int]) -> dict[int, str]:
    if by == "item":
        return dict(Item.objects.filter(pk__in=keys).values_list("pk", "name"))
    counters = Counter.objects.filter(pk__in=keys).select_related("hall")
    return {each.pk: f"{each.hall.name}{each}" for each in counters}


def _told(row: Any, measure: MonitoringMeasure, guids: dict[int, UUID]) -> BehindLine:
    if hasattr(row, "rule"):
        label = label_of_finding(row.rule, row.level)
        return BehindLine(row, label, reverse("oversight:finding", args=[row.pk]), row.happened_at)
    label = KINDS[row.kind].label if row.kind in KINDS else row.kind
    if row.kind == ACTED.code:
        label = str(dict(ActKind.choices).get(row.data["act"], label))
    story = ""
    if row.subject_type == Case._meta.label:
        story = reverse("oversight:story", args=[row.subject_id])
    elif row.subject_type == Complaint._meta.label and (guid := guids.get(row.subject_id)):
        story = reverse("oversight:story-of", args=["complaints", guid])
    return BehindLine(row, label, story, row.at, measure.amount_in(row))
