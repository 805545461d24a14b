"""Completeness of a guide, from the `need` each element declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from banshi.catalog.guide.document import SECTIONS, Guide
from banshi.catalog.guide.elements import Element, Need, element_named, elements
from banshi.catalog.guide.form import form_faults


@dataclass(frozen=True, slots=True)
class Lack:
    """An element that is empty: `path` addresses it (materials.2.name), `message` says what to write."""

    path: str
    element: Element
    section: str
    need: Need
    message: str


@dataclass(frozen=True)
class Completeness:
    """Progress of a guide. Counted are its own elements that must or should be filled."""

    counted: tuple[Element, ...]
    lacks: tuple[Lack, ...]

    @cached_property
    def missing(self) -> list[Lack]:
        """Lacks that stand in the way of publishing."""
        return [each for each in self.lacks if each.need is Need.MUST]

    @property
    def percent(self) -> int:
        return _percent(self.counted, self.lacks)

    def in_section(self, section: str) -> tuple[int, list[Lack]]:
        counted = [each for each in self.counted if each.section == section]
        lacks = [each for each in self.lacks if each.section == section]
        return _percent(counted, lacks), lacks

    def by_section(self) -> dict[str, tuple[int, list[Lack]]]:
        return {section: self.in_section(section) for section in SECTIONS}


def completeness(guide: Guide) -> Completeness:
    counted = tuple(each for each in elements(Guide) if each.need is not Need.MAY)
    lacks = [
        _lack(each.name, each, each.section)
        for each in counted
        if is_empty(getattr(guide, each.name)) and not (each.name == "materials" and guide.no_materials)
    ]
    lacks += [lack for each in elements(Guide) if each.rows for lack in _row_lacks(guide, each)]
    questions = element_named(Guide, "form_fields")
    lacks += [Lack(each.field, questions, questions.section, Need.MUST, each.message) for each in form_faults(guide)]
    return Completeness(counted, tuple(lacks))


def is_catalogue_line(guide: Guide) -> bool:
    """Tell a row of a catalogue (目录信息), which may name a time limit or a fee, from a guide."""
    return not (guide.materials or guide.no_materials or guide.steps or guide.places or guide.conditions)


def is_empty(value: Any) -> bool:
    if isinstance(value, BaseModel):
        # Inside a part, a unit alone or an unticked box is no answer. Of the guide itself, 否 is one.
        return all(
            is_empty(inner := getattr(value, each.name)) or inner is False or each.kind == "choice"
            for each in elements(value.__class__)
        )
    return value is None or value == "" or value == []


def _row_lacks(guide: Guide, element: Element) -> list[Lack]:
    value = getattr(guide, element.name)
    if not isinstance(value, list):
        return []
    return [
        _lack(f"{element.name}.{place}.{column.name}", column, element.section, f"第{place + 1}行")
        for place, row in enumerate(value)
        for column in elements(row.__class__)
        if column.need is Need.MUST and is_empty(getattr(row, column.name))
    ]


def _lack(path: str, element: Element, section: str, where: str = "") -> Lack:
    ask = {"choice": "请选择", "choices": "请选择", "yes_no": "请选是或否"}.get(element.kind, "请填写")
    return Lack(path, element, section, element.need, f"{ask}{where}“{element.label}”")


def _percent(counted: Sequence[Element], lacks: Sequence[Lack]) -> int:
    """Compute the percentage, full only when nothing counted lacks and no row has a gap."""
    if not counted:
        return 100 if not lacks else 50
    own = {each.path for each in lacks if "." not in each.path}
    share = 100 * (len(counted) - len(own)) // len(counted)
    return share if len(own) == len(lacks) else min(share, 99)
