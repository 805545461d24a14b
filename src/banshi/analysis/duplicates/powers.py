"""C3: powers that were cancelled and come back under another name, often as a "public service".

Known cancellations are in `data/rulebook/cancelled-powers.csv` (each with its document), on the offices' lists of powers
(`banshi.registers`), and in the catalogue itself: items of a power that are cancelled. A consultation or a look-up about a
cancelled matter sets up no gate and is left alone, and so is what the decision itself put in its place (取消审批，改为备案).
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.db import DatabaseError
from rapidfuzz import fuzz, process

from banshi.analysis.duplicates.names import NameMeaning, Reader, shipped_reader
from banshi.catalog.enums import ItemKind
from banshi.catalog.models import Item
from banshi.core.errors import BadInput
from banshi.registers.queries import cancelled_powers

ALIKE = 85
"""rapidfuzz ratio of objects from which a person should look."""
NO_MORE = {"cancelled", "merged"}
HARMLESS = {"咨询", "查询", "投诉", "预约", "公示", "注销", "撤销"}
"""Errands that set up no gate."""
QUALITY = ("资格", "资质", "执业", "从业", "经营")


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A power that is no more. `instead`: the nature of business the decision put in its place, or ""."""

    name: str
    by: str
    instead: str = ""
    confidence: str = "高"


@dataclass(frozen=True, slots=True)
class Comeback:
    """`row` of the items looks like a cancelled power. `sure` when the objects are the same."""

    row: int
    power: Cancelled
    sure: bool
    reason: str


def shipped_cancellations() -> tuple[Cancelled, ...]:
    return read_cancellations(settings.DATA / "rulebook" / "cancelled-powers.csv")


def registered_cancellations() -> tuple[Cancelled, ...]:
    """List those the offices registered on their lists.

    None where there is no database (`banshi check` needs none).
    """
    try:
        rows = list(cancelled_powers().values_list("name", "cancel_document", "cancel_doc_no", "instead"))
    except DatabaseError:
        return ()
    reader = shipped_reader()
    return tuple(
        Cancelled(
            name,
            f"《{document}》" + (f"（{number}）" if number else ""),
            next(iter(sorted(reader.meaning(instead).business or ())), ""),
        )
        for name, document, number, instead in rows
    )


def known_cancellations() -> tuple[Cancelled, ...]:
    return (*shipped_cancellations(), *registered_cancellations())


@cache
def read_cancellations(path: Path) -> tuple[Cancelled, ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return tuple(
            Cancelled(row["name"], f"《{row['document']}》（{row['doc_no']}）", row["instead"], row["confidence"])
            for row in rows
        )
    except KeyError as error:
        raise BadInput(f"取消事项清单缺少“{error.args[0]}”一列。", where=path.name) from error


def cancellations_known() -> list[Cancelled]:
    """List those that are shipped, and the powers cancelled in this installation's own catalogue."""
    gone = Item.objects.filter(state="cancelled").exclude(kind=ItemKind.SERVICE).select_related("organ")
    return [*shipped_cancellations(), *(Cancelled(item.name, f"本目录已取消（{item.organ}）") for item in gone)]


def comebacks(items: pa.Table, powers: Iterable[Cancelled], reader: Reader | None = None) -> Iterator[Comeback]:
    """Find items in use whose object is that of a cancelled power."""
    reader = reader or shipped_reader()
    known: dict[str, list[tuple[Cancelled, NameMeaning]]] = defaultdict(list)
    for power in powers:
        known[_bare(reader.meaning(power.name).object)].append((power, reader.meaning(power.name)))
    rows = zip(*(items[each].to_pylist() for each in ("name", "kind", "state")), strict=True)
    judged: dict[str, list[tuple[Cancelled, bool]]] = {}
    for row, (name, kind, state) in enumerate(rows):
        if state in NO_MORE or not name:
            continue
        if name not in judged:
            judged[name] = list(_resembled(reader.meaning(name), known))
        for power, sure in judged[name]:
            how = "以公共服务名义" if kind == ItemKind.SERVICE.value else "仍列为行政权力，"
            doubt = "" if sure and power.confidence == "高" else "（疑似，请核对）"
            reason = f"“{power.name}”已由{power.by}取消，“{name}”{how}保留或变相恢复{doubt}。"
            yield Comeback(row, power, sure, reason)


def _resembled(
    item: NameMeaning, known: dict[str, list[tuple[Cancelled, NameMeaning]]]
) -> Iterator[tuple[Cancelled, bool]]:
    if item.acts & HARMLESS:
        return
    bare = _bare(item.object)
    for each, _, _ in process.extract(bare, known.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3):
        for power, meaning in known[each]:
            if item.acts == meaning.acts and power.instead not in (item.business or {None}):
                yield power, each == bare


def _bare(thing: str) -> str:
    """Return the object without the words a permission has and a service leaves out."""
    for word in QUALITY:
        thing = thing.replace(word, "")
    return thing
