"""Differences between two guides, by element and, within texts, by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pydantic import BaseModel

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import Element, elements
from banshi.catalog.guide.text import part_text, value_text

Sign = Literal["=", "+", "-"]
FIGURE = re.compile(r"\d")
WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
WHOLE, SHORT, ALIKE = 12, 24, 0.5
"""A figure of up to so many signs is shown whole, old and new (25个工作日 → 20个工作日); another short value when it shares less than this part."""
LONGEST_COMPARED = 5_000
"""Signs beyond which two texts are shown as one removed and one added, so that no comparison takes seconds."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed element or row. `path` addresses it (materials.2). `parts` is the text with what went and came."""

    path: str
    label: str
    section: str
    old_text: str
    new_text: str
    parts: tuple[tuple[Sign, str], ...]

    @property
    def replaced(self) -> bool:
        """Tell whether nothing stayed of what was there before."""
        return [sign for sign, _ in self.parts] == ["-", "+"]

    @property
    def sign(self) -> Sign:
        return "+" if not self.old_text else "-" if not self.new_text else "="


def differences(old: Guide, new: Guide) -> list[Difference]:
    return [found for element in elements(Guide) for found in _of_element(element, old, new)]


def _of_element(element: Element, old: Guide, new: Guide) -> list[Difference]:
    before, after = getattr(old, element.name), getattr(new, element.name)
    if before == after:
        return []
    if element.kind == "rows":
        found = []
        left = list(before)
        for place, row in enumerate(after):
            if row in left:
                twin = left[left.index(row)]
            else:
                twin = next((each for each in left if _name(each) == _name(row)), None)
            if twin is not None:
                left.remove(twin)
            if twin is None or twin != row:
                found.append(_row_difference(element, place, twin, row))
        found += [_row_difference(element, before.index(gone), gone, None) for gone in left]
        if found:
            return found
        was, now = (" → ".join(str(_name(row)) for row in rows) for rows in (before, after))
        return [_difference(element.name, f"{element.label}（顺序）", element.section, was, now)]
    return [_difference(element.name, element.label, element.section, value_text(before), value_text(after))]


def _name(row: BaseModel) -> object:
    return getattr(row, elements(type(row))[0].name)


def _row_difference(element: Element, place: int, old: BaseModel | None, new: BaseModel | None) -> Difference:
    label = f"{element.label} 第{place + 1}项"
    texts = [part_text(each) if each is not None else "" for each in (old, new)]
    return _difference(f"{element.name}.{place}", label, element.section, *texts)


def _difference(path: str, label: str, section: str, old: str, new: str) -> Difference:
    return Difference(path, label, section, old, new, tuple(word_parts(old, new)))


def word_parts(old: str, new: str) -> list[tuple[Sign, str]]:
    """Return the two texts as one run of kept, removed and added pieces."""
    if len(old) + len(new) > LONGEST_COMPARED:
        return [("-", old), ("+", new)]
    a, b = WORDS.findall(old), WORDS.findall(new)
    compared = SequenceMatcher(None, a, b, autojunk=False)
    longest = max(len(old), len(new))
    if old and new and ((longest <= WHOLE and FIGURE.search(old)) or (longest <= SHORT and compared.ratio() < ALIKE)):
        return [("-", old), ("+", new)]
    parts: list[tuple[Sign, str]] = []
    for what, i1, i2, j1, j2 in compared.get_opcodes():
        if what == "equal":
            parts.append(("=", "".join(a[i1:i2])))
            continue
        parts += [(sign, text) for sign, text in (("-", "".join(a[i1:i2])), ("+", "".join(b[j1:j2]))) if text]  # type: ignore[misc]
    return parts
