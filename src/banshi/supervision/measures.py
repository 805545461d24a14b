"""Measures kept as data: what is counted of events and findings, by organ and month in a rollup, else from the rows."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Literal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Aggregate, Count, DateField, F, IntegerField, Q, QuerySet, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.db.models.lookups import GreaterThan, LessThan
from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from banshi.core.clock import CHINA
from banshi.core.crypto import digest
from banshi.core.declarations import read_declaration
from banshi.core.models import Cursor
from banshi.events.kinds import KINDS
from banshi.events.models import Event
from banshi.people.models import Organ
from banshi.supervision.models import Irregularity, MeasureCount, MeasureStanding
from banshi.supervision.periods import Period
from banshi.supervision.rules import monitoring_rules

Board = Literal["organ", "item", "counter"]
Amounts = dict[int, dict[str, int]]
"""Amounts by the key of an organ, an item or a counter, and by the code of a measure."""
COUNTED_AT_ONCE = 500_000
COMPARED = {"lt": LessThan, "gt": GreaterThan}
ADD = """
INSERT INTO supervision_measurecount (organ_id, month, measure, amount) VALUES (%s, %s, %s, %s)
ON CONFLICT (organ_id, month, measure) DO UPDATE SET amount = supervision_measurecount.amount + excluded.amount
"""


def number_of(field: str) -> Cast:
    return Cast(KeyTextTransform(field, "data"), IntegerField())


BY = {"organ": F("organ_id"), "item": F("item_id"), "counter": number_of("counter")}


class CountCorrection(BaseModel):
    """A field of an event that is added to a count: what was counted before and counts no longer, or counts again."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    event: str
    sum: str


class MonitoringMeasure(BaseModel):
    """A number of events, a sum over them, or a number of findings. An empty `finding` is any rule's."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    unit: str = "件"
    event: str = ""
    where: dict[str, bool | str | int | list[str] | list[int]] = {}
    sum: str = ""
    correction: CountCorrection | None = None
    finding: tuple[str, ...] | None = None
    level: Literal["", "yellow", "red"] = ""
    boards: tuple[Board, ...] = ()
    worse: bool = False

    @model_validator(mode="after")
    def counts_what_there_is(self) -> "MonitoringMeasure":
        if bool(self.event) == (self.finding is not None):
            raise ValueError("event、finding 要写一样，只写一样")
        if self.event and self.event not in KINDS:
            raise ValueError(f"没有这种事件：{self.event}")
        known = set(KINDS[self.event].data.model_fields) if self.event else set()
        asked = {name.partition("__")[0] for name in self.where} | ({self.sum} - {""})
        if (more := self.correction) and not (self.event and more.event in KINDS):
            raise ValueError(f"没有这种事件：{more.event}")
        if more and more.sum not in KINDS[more.event].data.model_fields:
            raise ValueError(f"这种事件里没有：{more.sum}")
        if unknown := asked - known:
            raise ValueError(f"这种事件里没有：{'、'.join(sorted(unknown))}")
        if unknown := {name.partition("__")[2] for name in self.where} - {"", *COMPARED}:
            raise ValueError(f"只能写 __lt、__gt，不能写 {'、'.join(sorted(unknown))}")
        if unknown := set(self.finding or ()) - set(monitoring_rules()):
            raise ValueError(f"没有这条规则：{'、'.join(sorted(unknown))}")
        return self

    @property
    def digest(self) -> str:
        """Return the digest of what is counted, whatever it is called."""
        counted = {"event", "where", "sum"} | ({"correction"} if self.correction else set())
        return digest(self.model_dump_json(include=counted).encode())

    @property
    def events(self) -> set[str]:
        return ({self.event} if self.event else set()) | ({self.correction.event} if self.correction else set())

    @property
    def condition(self) -> Q:
        """Select the events, or the findings, that are counted."""
        if self.finding is not None:
            rules = Q(rule__in=self.finding) if self.finding else Q()
            return rules & Q(level=self.level) if self.level else rules
        return self._own | Q(kind=self.correction.event) if self.correction else self._own

    @property
    def _own(self) -> Q:
        wanted = Q(kind=self.event)
        for name, value in self.where.items():
            field, _, than = name.partition("__")
            # A JSON null is less than any number in PostgreSQL, as text it is no number.
            column = f"data__{field}__in" if isinstance(value, list) else f"data__{field}"
            wanted &= Q(COMPARED[than](number_of(field), value)) if than else Q(**{column: value})
        return wanted

    @property
    def amount(self) -> Aggregate | CombinedExpression:
        if not self.event:
            return Count("pk", filter=self.condition)
        own = Sum(number_of(self.sum), filter=self._own) if self.sum else Count("pk", filter=self._own)
        if self.correction is None:
            return own
        corrected = Sum(number_of(self.correction.sum), filter=Q(kind=self.correction.event))
        return Coalesce(own, 0) + Coalesce(corrected, 0)

    def amount_in(self, event: Event) -> int:
        """Return what one event adds."""
        if self.correction and event.kind == self.correction.event:
            return int(event.data.get(self.correction.sum) or 0)
        return int(event.data.get(self.sum) or 0) if self.sum else 1


class Measures(RootModel[dict[str, MonitoringMeasure]]):
    pass


def measures() -> dict[str, MonitoringMeasure]:
    return read_declaration(settings.MONITORING / "measures.toml", Measures, called="监察统计的数").root


def measures_on(board: Board) -> dict[str, MonitoringMeasure]:
    return {code: each for code, each in measures().items() if board in each.boards}


# The rollup of organ, month and measure


def count_events(*, until: int | None = None) -> None:
    """Count what has been numbered since the last time, each event once.

    A measure that is new or changed is counted from the first event on.
    """
    reached = Cursor.objects.filter(reader="supervision.rules").values_list("position", flat=True).first() or 0
    while _count_more(reached if until is None else until):
        pass


@transaction.atomic
def _count_more(until: int) -> bool:
    """Count the next span of the measures that are furthest behind, and tell whether there was any."""
    standings = {each.code: each for each in MeasureStanding.objects.select_for_update()}
    asked = {code: each for code, each in measures().items() if each.event}
    behind = defaultdict[int, list[str]](list)
    for code, each in asked.items():
        kept = standings.get(code)
        if kept is None or kept.digest != each.digest:
            MeasureCount.objects.filter(measure=code).delete()
            MeasureStanding.objects.update_or_create(code=code, defaults={"digest": each.digest, "counted_until": 0})
            behind[0].append(code)
        elif kept.counted_until < until:
            behind[kept.counted_until].append(code)
    if not behind or min(behind) >= until:
        return False
    first, codes = min(behind.items())
    last = min([first + COUNTED_AT_ONCE, until, *(each for each in behind if each > first)])
    events = Event.objects.filter(number__gt=first, number__lte=last, organ__isnull=False)
    month = TruncMonth("at", output_field=DateField(), tzinfo=CHINA)
    rows = tallied(events.annotate(month=month), ("organ", "month"), {code: asked[code] for code in codes})
    told = [(row["organ"], row["month"], code, row[code]) for row in rows for code in codes if row[code]]
    with connection.cursor() as sql:
        sql.executemany(ADD, told)
    MeasureStanding.objects.filter(code__in=codes).update(counted_until=last)
    return True


@transaction.atomic
def count_anew() -> None:
    """Count every event again, the rollup forgotten."""
    MeasureCount.objects.all().delete()
    MeasureStanding.objects.all().delete()
    count_events()


def tallied(rows: QuerySet[Any], by: Sequence[str], asked: dict[str, MonitoringMeasure]) -> list[dict[str, Any]]:
    """Group rows and total each measure in each group."""
    if not asked:
        return []
    kinds = {kind for each in asked.values() for kind in each.events}
    some = rows.filter(kind__in=kinds) if kinds else rows
    totals = {f"of_{code}": each.amount for code, each in asked.items()}
    found = some.order_by().values(*by).annotate(**totals)
    return [{name.removeprefix("of_"): value for name, value in row.items()} for row in found]


# Reads


def amounts(organs: QuerySet[Organ] | Collection[int], period: Period, asked: dict[str, MonitoringMeasure]) -> Amounts:
    """Sum measures by organ, from the rollup and from findings."""
    found: Amounts = defaultdict(lambda: dict.fromkeys(asked, 0))
    counted = MeasureCount.objects.filter(month__gte=period.first, month__lt=period.until, organ__in=organs)
    counted = counted.filter(measure__in=[code for code, each in asked.items() if each.event])
    for organ, code, amount in counted.order_by().values_list("organ", "measure").annotate(Sum("amount")):
        found[organ][code] += amount
    for row in tallied(findings_of(organs, period), ("organ",), _of_findings(asked)):
        found[row.pop("organ")].update(row)
    return dict(found)


def amounts_within(organ: Organ, period: Period, by: Board, asked: dict[str, MonitoringMeasure]) -> Amounts:
    """Sum measures of one organ by item or counter, from its rows."""
    found: Amounts = defaultdict(lambda: dict.fromkeys(asked, 0))
    of_events = {code: each for code, each in asked.items() if each.event}
    rows = events_of([organ.pk], period).annotate(by=BY[by])
    sources: list[tuple[QuerySet[Any], dict[str, MonitoringMeasure]]] = [(rows, of_events)]
    if by == "item":
        sources.append((findings_of([organ.pk], period).annotate(by=BY[by]), _of_findings(asked)))
    for some, these in sources:
        for row in tallied(some.exclude(by=None), ("by",), these):
            found[row.pop("by")].update({code: amount or 0 for code, amount in row.items()})
    return dict(found)


def events_of(organs: QuerySet[Organ] | Collection[int], period: Period) -> QuerySet[Event]:
    since, until = period.span
    return Event.objects.filter(organ__in=organs, at__gte=since, at__lt=until, number__isnull=False)


def findings_of(organs: QuerySet[Organ] | Collection[int], period: Period) -> QuerySet[Irregularity]:
    since, until = period.span
    return Irregularity.objects.filter(organ__in=organs, happened_at__gte=since, happened_at__lt=until)


def _of_findings(asked: dict[str, MonitoringMeasure]) -> dict[str, MonitoringMeasure]:
    return {code: each for code, each in asked.items() if each.finding is not None}
