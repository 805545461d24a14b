"""A guide as a page reads it: the answers first, then topics made from the declared elements.

Elements without a place of their own appear as facts of their section, and rows as tables, so a new element of the
guide document shows here without a line of code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from banshi.calendar.queries import calendar_in_force
from banshi.catalog import flowchart
from banshi.catalog.enums import HandleForm
from banshi.catalog.guide.completeness import is_catalogue_line
from banshi.catalog.guide.document import SECTIONS, Contact, Guide
from banshi.catalog.guide.elements import elements, sectioned
from banshi.catalog.guide.plain_language import (
    ChecklistItem,
    Completion,
    audience_words,
    bring,
    completion,
    copies_words,
    fee_words,
    limit_words,
    season,
    visits_words,
)
from banshi.catalog.guide.text import element_text
from banshi.catalog.models import Publication
from banshi.catalog.printables import closing_words
from banshi.sites.kit.templatetags.kit import cn_near

ORDER = ("who", "time", "fee", "channels", "result", "basis", "faq", "contact", "basic")
TITLES = {
    "who": "办理条件",
    "time": "办理时限",
    "channels": "在哪里办",
    "result": "办好后拿到什么",
    "contact": "咨询、投诉和监督",
    "basic": "事项信息",
}
ELSEWHERE = {
    "name",
    "aliases",
    "summary",
    "steps",
    "materials",
    "no_materials",
    "online_url",
    "mobile_url",
    "topics",
    "charged",
    "visits",
}
FOR_STAFF = {
    "level",
    "organ_nature",
    "power_source",
    "origin",
    "decider",
    "government_purchase",
    "quantity_limit",
    "audience",
    "case_type",
    "statutory_limit",
    "handle_forms",
    "online",
    "online_depth",
    "one_stop",
    "appointment",
    "result_type",
    *(WAYS := {"kiosk": "自助终端办", "agent": "委托别人代办", "express": "邮寄", "at_home": "上门办"}),
    "pay_online",
}
"""Of the standard, and said to citizens in other words or not at all."""
PLAIN_LABELS = {
    "undertaker": "具体由谁办",
    "joint_organs": "一起办的部门",
    "prohibitions": "什么情况不能办",
    "promised_limit": "多久办好",
    "visit_reason": "为什么要到场",
    "reach": "在哪里都能办",
    "appointment_how": "怎么预约",
    "result_name": "拿到什么",
    "delivery_ways": "怎么拿到",
    "delivery_limit": "多久送到",
    "validity": "管多久",
    "progress_query": "怎么查进度",
    "rights": "您的权利和义务",
    "remedies": "不服怎么办",
}
OWN_SHAPE = {"conditions", "bases", "fees", "places", "faqs"}
NO_ROWS: dict[str, list[object]] = {name: [] for name in OWN_SHAPE}
WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class GuideTable:
    """Rows without a shape of their own."""

    label: str
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    key: str
    title: str
    facts: list[tuple[str, str]]
    contacts: list[tuple[str, Contact]]
    rows: dict[str, list[Any]]
    tables: list[GuideTable]


@dataclass(frozen=True, slots=True)
class PaperToBring:
    """A line of the checklist with what else is known of the material."""

    brought: ChecklistItem
    copies: str
    facts: list[tuple[str, str]]
    template: UUID | None
    sample: UUID | None


class GuideView:
    """Everything the guide page shows of one publication."""

    def __init__(self, publication: Publication, *, on: date | None = None) -> None:
        """Read a guide on a day, where what is shown may name days.

        Papers outlive the day they are printed.
        """
        self.publication = publication
        self.on = on
        self.item = publication.item
        self.guide = publication.revision.guide

    @property
    def name(self) -> str:
        return self.guide.name or self.item.name

    @property
    def closing(self) -> str:
        return closing_words(self.publication)

    @property
    def who(self) -> str:
        return audience_words(self.guide)

    @cached_property
    def limit(self) -> str:
        return limit_words(self.guide.promised_limit)

    @cached_property
    def done_by(self) -> Completion | None:
        """Reckon the day for what is accepted here on the day of reading, not of another place's page."""
        if self.publication.from_a_page or not self.on or not self.guide.promised_limit.value:
            return None
        return completion(self.guide, accepted=self.on, calendar=calendar_in_force())

    @property
    def done_by_words(self) -> str:
        last = self.done_by
        if last is None:
            return ""
        day = cn_near(last.day)
        if last.at_least:
            return f"不早于{day}办好（后面的放假安排还没公布）"
        return f"约{day}办好" if last.included else f"{day}前办好"

    @cached_property
    def season(self) -> str:
        return season(self.guide)

    @property
    def statutory(self) -> str:
        """Return the statutory limit where there is one in figures and it differs."""
        limit = self.guide.statutory_limit
        words = limit_words(limit) if limit.value else ""
        return words if words != self.limit else ""

    @cached_property
    def fee(self) -> str:
        return fee_words(self.guide)

    @property
    def visits(self) -> str:
        return visits_words(self.guide)

    @property
    def online_url(self) -> str:
        """Return the address for applying online.

        Only addresses of the web are made links.
        """
        return next((url for url in (self.guide.online_url, self.guide.mobile_url) if url.startswith(WEB)), "")

    @property
    def online_is_sample(self) -> bool:
        """Tell addresses nobody answers at (.example, RFC 2606)."""
        return (urlsplit(self.online_url).hostname or "").endswith(".example")

    @property
    def can_apply(self) -> bool:
        """Tell whether it can be applied for here, for which nothing but the published guide is needed."""
        publication = self.publication
        here = not (publication.from_a_page or publication.until or self.is_catalogue_line)
        return here and self.item.state == "active" and self.guide.online is not False

    @property
    def online(self) -> bool:
        return bool(self.guide.online) or HandleForm.ONLINE in self.guide.handle_forms

    @cached_property
    def at_window(self) -> bool:
        """Tell whether one goes to a hall with it, for which one can book."""
        asked = self.guide.appointment is not False and HandleForm.WINDOW in self.guide.handle_forms
        return asked and not self.is_catalogue_line

    @cached_property
    def booking(self) -> str:
        """Return the address for appointments, else the place on the page that tells how."""
        guide = self.guide
        if guide.appointment is False or not (guide.appointment or guide.appointment_how):
            return ""
        return next((word for word in guide.appointment_how.split() if word.startswith(WEB)), "#channels")

    @cached_property
    def is_catalogue_line(self) -> bool:
        return is_catalogue_line(self.guide)

    @cached_property
    def papers(self) -> list[PaperToBring]:
        return papers_of(self.guide)

    @cached_property
    def to_bring(self) -> list[PaperToBring]:
        return [paper for paper in self.papers if paper.brought.state != "shared"]

    @cached_property
    def not_to_bring(self) -> list[PaperToBring]:
        return [paper for paper in self.papers if paper.brought.state == "shared"]

    @property
    def chart(self) -> SafeString:
        drawing = flowchart.svg(self.guide, as_written=self.publication.from_a_page)
        return mark_safe(drawing) if self.guide.steps else SafeString("")  # noqa: S308 (escapes by itself)

    @property
    def outline(self) -> list[flowchart.Outline]:
        return flowchart.outline(self.guide, as_written=self.publication.from_a_page)

    @cached_property
    def topics(self) -> list[Topic]:
        return [topic for key in ORDER if (topic := _topic(self.guide, key, self._known(key)))]

    def _known(self, key: str) -> list[tuple[str, str]]:
        """Collect what the catalogue knows besides the guide, and what its fields of the standard say plainly."""
        guide = self.guide
        ways = "、".join(words for name, words in WAYS.items() if getattr(guide, name))
        known = {
            "basic": ("哪个单位负责", self.item.organ.name),
            "channels": ("还可以", ways),
            "fee": ("怎么交钱", "可以在网上交" if guide.pay_online and guide.charged else ""),
        }
        return [known[key]] if key in known and known[key][1] else []

    @cached_property
    def for_staff(self) -> list[tuple[str, str]]:
        """List the fields of the standard that are folded away from citizens."""
        then = self.publication.identified
        known = [("事项类型", then.kind_label), ("事项编码", then.code)]
        fields = [(e.label, element_text(self.guide, e)) for e in elements(Guide) if e.name in FOR_STAFF]
        return [(label, text) for label, text in [*known, *fields] if text]

    @cached_property
    def description(self) -> str:
        """One sentence for search engines and for those who share the page."""
        parts = [
            self.guide.summary,
            self.who and f"谁能办：{self.who}",
            self.limit and f"多久：{self.limit}",
            self.fee and f"收费：{self.fee}",
        ]
        return "；".join(part for part in parts if part)[:200]


def _topic(guide: Guide, key: str, known: list[tuple[str, str]]) -> Topic | None:
    topic = Topic(
        key,
        TITLES.get(key, SECTIONS[key]),
        [*known, *_facts(guide, key)],
        [
            (element.label, value)
            for element in sectioned(Guide, key)
            if isinstance(value := getattr(guide, element.name), Contact) and element_text(guide, element)
        ],
        NO_ROWS
        | {
            element.name: rows
            for element in sectioned(Guide, key)
            if element.name in OWN_SHAPE and (rows := getattr(guide, element.name))
        },
        list(_tables(guide, key)),
    )
    said = (
        topic.facts
        or topic.contacts
        or any(topic.rows.values())
        or topic.tables
        or (key == "fee" and guide.charged is not None)
    )
    return topic if said else None


def _facts(guide: Guide, key: str) -> Iterator[tuple[str, str]]:
    booked = guide.appointment is not False
    for element in sectioned(Guide, key):
        value = getattr(guide, element.name)
        elsewhere = element.name in ELSEWHERE | FOR_STAFF or (element.name == "appointment_how" and not booked)
        shown = element.kind != "rows" and not elsewhere and not isinstance(value, Contact)
        if shown and (text := element_text(guide, element)):
            yield PLAIN_LABELS.get(element.name, element.label), text


def _tables(guide: Guide, key: str) -> Iterator[GuideTable]:
    for element in sectioned(Guide, key):
        plain = element.kind == "rows" and element.name not in ELSEWHERE | OWN_SHAPE
        if plain and (rows := getattr(guide, element.name)):
            # The columns any row fills.
            columns = [each for each in elements(rows[0].__class__) if any(element_text(row, each) for row in rows)]
            yield GuideTable(
                element.label,
                [each.label for each in columns],
                [[element_text(row, each) for each in columns] for row in rows],
            )


def papers_of(guide: Guide) -> list[PaperToBring]:
    """List the checklist of a guide, what must be brought first."""
    return [_paper(each) for each in bring(guide)]


def _paper(brought: ChecklistItem) -> PaperToBring:
    material = brought.material
    facts = [
        ("谁出具", material.issuer or (material.source.label if material.source else "")),
        ("形式", material.form.label if material.form else ""),
        ("签字盖章", material.seal),
        ("要求", material.requirement if material.requirement != brought.why else ""),
        ("说明", material.note if material.note != brought.why else ""),
    ]
    return PaperToBring(
        brought,
        copies_words(material),
        [(label, text) for label, text in facts if text],
        file_of(material.template_file),
        file_of(material.sample_file),
    )


def file_of(number: str) -> UUID | None:
    try:
        return UUID(number) if number else None
    except ValueError:
        return None
