"""Context of a text on the reviewer's desk, with differences in place, findings, law, and the same item elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from django.db.models import Q

from banshi.catalog.guide.differences import Difference, Sign, differences
from banshi.catalog.guide.document import SECTIONS, Basis, Guide
from banshi.catalog.guide.elements import Element, sectioned
from banshi.catalog.guide.text import element_text, part_text
from banshi.catalog.models import Item, Listing, Revision
from banshi.catalog.queries import listings
from banshi.core.clock import chinese_date
from banshi.law.models import Article, Law
from banshi.law.queries import resolved
from banshi.law.register import Force, Resolution
from banshi.rulebook.batch_engine import QuickBook, read_quick
from banshi.rulebook.enums import Severity
from banshi.rulebook.queries import about, current_rulebook, place_of, retentions_of
from banshi.rulebook.rule import Finding

Parts = tuple[tuple[Sign, str], ...]
CANDIDATES = 30

if TYPE_CHECKING:
    from banshi.analysis.duplicates.neighbours import Neighbour


# The document with its differences in place


@dataclass(frozen=True, slots=True)
class Piece:
    """One element, or one row of one, as it is read: unchanged, or with what went and came."""

    label: str
    parts: Parts
    sign: Sign

    @property
    def changed(self) -> bool:
        return any(sign != "=" for sign, _ in self.parts)


def marked(old: Guide | None, new: Guide) -> list[tuple[str, list[Piece]]]:
    """Mark differences from the old guide word by word, section by section."""
    found = differences(old, new) if old else []
    told = [
        (label, [piece for each in sectioned(Guide, code) for piece in _pieces(each, new, found)])
        for code, label in SECTIONS.items()
    ]
    return [(label, pieces) for label, pieces in told if pieces]


def _pieces(element: Element, new: Guide, found: list[Difference]) -> list[Piece]:
    mine = [each for each in found if each.path.split(".")[0] == element.name]
    if element.kind == "rows":
        here = {each.path: each for each in mine if each.sign != "-"}
        pieces = []
        for place, row in enumerate(getattr(new, element.name)):
            change = here.get(f"{element.name}.{place}")
            parts: Parts = change.parts if change else (("=", part_text(row)),)
            pieces.append(Piece(f"{element.label} {place + 1}", parts, change.sign if change else "="))
        gone = [each for each in mine if each.sign == "-" or "." not in each.path]
        return pieces + [Piece(each.label, each.parts, each.sign) for each in gone]
    if mine:
        return [Piece(element.label, mine[0].parts, mine[0].sign)]
    text = element_text(new, element)
    return [Piece(element.label, (("=", text),), "=")] if text else []


# What the rule book says


@dataclass(frozen=True, slots=True)
class FindingRemark:
    """A finding, and the reason with which the unit keeps what was found."""

    finding: Finding
    kept: str


def remarks_on(item: Item, text: Revision, day: date) -> list[FindingRemark]:
    """List findings of the rule book in a text now, the heaviest first.

    `item` has its organ.
    """
    kept = retentions_of(item)
    found = QuickBook(current_rulebook(day)).examine(read_quick(msgspec.json.encode(text.content)), about(item))
    remarks = []
    for each in found:
        retention = kept.get((each.rule.code, place_of(each)))
        remarks.append(FindingRemark(each, f"{retention.reason}（{retention.basis}）" if retention else ""))
    heaviest = list(Severity)
    return sorted(remarks, key=lambda each: (bool(each.kept), heaviest.index(each.finding.rule.severity)))


def must_change_in(item: Item, text: Revision, day: date, *, kept: bool = False) -> int:
    """Count open 必改 findings, and with `kept` those retained with a reason too."""
    return sum(
        (kept or not each.kept) and each.finding.rule.severity == Severity.MUST for each in remarks_on(item, text, day)
    )


# Law


@dataclass(frozen=True, slots=True)
class ResolvedBasis:
    """A basis as the guide gives it, and what the register of laws knows of it."""

    basis: Basis
    law: Law | None
    articles: tuple[Article, ...]
    warning: str


def laws_cited(bases: Sequence[Basis], day: date) -> list[ResolvedBasis]:
    found = resolved(((each.title, each.doc_no, each.articles) for each in bases), day=day)
    return [
        ResolvedBasis(basis, law, tuple(articles), _warning(resolution, law, day))
        for basis, (law, resolution, articles) in zip(bases, found, strict=True)
    ]


def _warning(resolution: Resolution, law: Law | None, day: date) -> str:
    facts = resolution.law
    if law is None or facts is None:
        return "法规库里没有登记，请核对名称和效力"
    said = []
    if resolution.force is Force.COMING and facts.since:
        said.append(f"还没有施行（{chinese_date(facts.since)}起施行）")
    if resolution.force is Force.ENDED:
        said.append("已失效" + (f"，由{law.replaced_by}代替" if law.replaced_by else ""))
    elif facts.until:
        said.append(f"{chinese_date(facts.until)}后失效" + (f"，由{law.replaced_by}代替" if law.replaced_by else ""))
    elif law.replaced_by:
        said.append(f"已有{law.replaced_by}，请核对本文件是否还有效")
    if resolution.missing:
        said.append(
            f"现行文本到第{resolution.articles}条为止，没有" + "、".join(f"第{n}条" for n in resolution.missing)
        )
    if coming := facts.next_version(day):
        said.append(f"{chinese_date(coming.since or day)}起施行新的文本，届时请核对条款")
    return "；".join(said)


# The same item elsewhere


def same_elsewhere(item: Item, guide: Guide) -> "list[Neighbour]":
    """Return the same item of other organs, as it is in force there: 同一事项，邻县3个工作日、2份材料…."""
    from banshi.analysis.duplicates.neighbours import neighbours  # pyarrow: not for every worker, until one asks

    alike = Q(item__name=guide.name) | Q(name=guide.name)
    if item.base_code:
        alike |= Q(item__base_code=item.base_code)
    others = listings().exclude(item=item.pk).exclude(organ=item.organ_id).filter(alike)
    rows: list[Listing] = list(others.select_related("publication__revision", "organ__division")[:CANDIDATES])
    return neighbours(item, guide, rows)
