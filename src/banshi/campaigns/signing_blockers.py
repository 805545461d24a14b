"""Blockers of a unit's signature, shown before the head signs and enforced when they do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime

from banshi.campaigns.annexes import missing_annexes
from banshi.campaigns.coverage import unexplained
from banshi.campaigns.enums import ENDING, PhaseKind
from banshi.campaigns.findings import must_change
from banshi.campaigns.models import Entry, Participation
from banshi.campaigns.queries import OWED, stage_of_round
from banshi.catalog.guards import lacks_of
from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import newest_texts
from banshi.core.clock import chinese_date
from banshi.core.errors import Problem

GAPS_NAMED = 50
TIME, CONTACTS, SUMMARY, ENTRIES, GAP, TEXT, RULE, ANNEX = (
    "time",
    "contacts",
    "summary",
    "entries",
    "gap",
    "text",
    "rule",
    "annex",
)
"""Where each is put right."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """`path`: the element of the item's guide it is about."""

    kind: str
    message: str
    where: str = ""
    item: Item | None = None
    path: str = ""

    @property
    def problem(self) -> Problem:
        return Problem(self.message, where=self.where, field=self.path)


def owed_entries(unit: Participation) -> list[Entry]:
    """List what the next report takes along: all that is owed, but what another examination holds."""
    entries = unit.entries.filter(~Q(_held_elsewhere()), state__in=OWED)
    return list(entries.select_related("item__organ", "campaign").order_by("id"))


def left_out(unit: Participation) -> list[Entry]:
    """List owed entries that an adjustment holds: the next report goes without them, a later one takes them."""
    return list(unit.entries.filter(_held_elsewhere(), state__in=OWED).select_related("item").order_by("id"))


def _held_elsewhere() -> Exists:
    submitted = Revision.objects.filter(item=OuterRef("item"), state=Revision.State.SUBMITTED)
    return Exists(submitted)


def hindrances(unit: Participation, at: datetime) -> list[Hindrance]:
    """List all hindrances, as they stand now."""
    entries, day = owed_entries(unit), localtime(at).date()
    _, texts = newest_texts([entry.item_id for entry in entries])
    pairs = [(entry, texts.get(entry.item_id)) for entry in entries]
    written = [(entry, text) for entry, text in pairs if text]
    lacking = incomplete(written)
    told = {(each.item, each.path.partition(".")[0]) for each in lacking}
    return [
        *of_time(unit, day),
        *of_unit(unit, entries),
        *(
            _of_text("还没有写办事指南", entry.item)
            for entry, text in pairs
            if text is None and entry.disposition not in ENDING
        ),
        *without_name(written),
        *lacking,
        # What a rule says of an element that is missing has been told.
        *(each for each in of_rules(unit, written, day) if (each.item, each.path.partition(".")[0]) not in told),
    ]


def of_time(unit: Participation, day: date) -> Iterator[Hindrance]:
    """Block before the first day of the unit's round, or when the campaign is not under way."""
    number = unit.reported_round + 1
    if unit.campaign.state != "running":
        yield Hindrance(TIME, f"“{unit.campaign}”没有启动，或已经结束，现在不能上报")
        return
    stages = stage_of_round(unit.campaign, PhaseKind.REPORT, number, unit.batch)
    if stages and day < stages[0].begins:
        yield Hindrance(TIME, f"第{number}轮上报从{chinese_date(stages[0].begins)}开始，现在还没到")


def of_unit(unit: Participation, entries: Sequence[Entry]) -> Iterator[Hindrance]:
    if unit.named_at is None:
        yield Hindrance(CONTACTS, "还没有写明分管领导、牵头科室和经办人员")
    if not unit.progress:
        yield Hindrance(SUMMARY, "还没有写工作小结")
    for annex in missing_annexes(unit):
        yield Hindrance(ANNEX, f"“{annex.label}”还没有报", where=annex.value)
    if not entries:
        yield Hindrance(ENTRIES, "没有要上报的事项")
    for missing in unexplained(unit)[:GAPS_NAMED]:
        yield Hindrance(GAP, "外地同类单位有这一项，本单位没有，还没有说明原因", where=missing.name)


def without_name(pairs: Sequence[tuple[Entry, Revision]]) -> list[Hindrance]:
    nameless = [e.item for e, text in pairs if not text.content.get("name") and e.disposition not in ENDING]
    return [_of_text("没写事项名称", item, "name") for item in nameless]


def incomplete(pairs: Sequence[tuple[Entry, Revision]]) -> list[Hindrance]:
    """Block on what must stand in a guide before it is published.

    Items to be ended are let be.
    """
    lacking = lacks_of([text for entry, text in pairs if entry.disposition not in ENDING])
    items = {entry.item_id: entry.item for entry, _ in pairs}
    return [
        _of_text(each.message, items[text.item_id], each.field)
        for text, problems in lacking
        for each in problems
        if each.field != "name"
    ]


def of_rules(unit: Participation, pairs: Sequence[tuple[Entry, Revision]], day: date) -> list[Hindrance]:
    """Block on 必改 findings that are neither mended nor kept with a reason.

    Items to be ended are let be.
    """
    if not unit.campaign.plan.findings:
        return []
    stay = [(e.item, text) for e, text in pairs if e.disposition not in ENDING]
    return [Hindrance(RULE, found.message, item.name, item, found.path) for item, found in must_change(stay, day)]


def _of_text(message: str, item: Item, path: str = "") -> Hindrance:
    return Hindrance(TEXT, message, str(item), item, path)
