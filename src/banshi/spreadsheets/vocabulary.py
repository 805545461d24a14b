"""The words departments use, from data/vocab (columns.csv, item-kinds.csv, choices.csv), which officials can edit."""

import csv
import re
from functools import cache, lru_cache

from django.conf import settings
from django.db.models import TextChoices

from banshi.catalog.codes import POWER_LETTERS
from banshi.catalog.enums import ItemKind
from banshi.spreadsheets.cells import folded

BRACKETED = re.compile(r"[（(][^（）()]*[)）]|^第?[一二三四五六七八九十\d]+(?:类|部分)?[、.．:：]")

CODED = re.compile(
    r"(?:(?:\d{1,2}|[a-z]{2}|\d?[a-z])[-_—.: ]?)?(?P<words>[\u4e00-\u9fa5]{2,})(?:[-_—.: ]?(?:\d{1,2}|\d[a-z]))?",
    re.IGNORECASE,
)
GROUP = re.compile(
    r"^(?:行政|其他)?(?:权力|职权|权责)(?:事项|清单|类)?\s*[-—–>:：·/]+\s*(?=\S)|^(?:政务服务(?:事项)?|依(?:申请|职权)[^-—–>:：·/]{0,6})\s*[-—–>:：·/]+\s*(?=\S)"
)
"""What a kind is one of (行政权力-行政许可)."""
LETTERS = re.compile(r"(?:XK|CF|QZ|ZS|JF|JC|QR|JL|CJ|QT|GG|FW)(?=$|[-_]?\d)", re.IGNORECASE)


def _table(name: str) -> list[dict[str, str]]:
    with (settings.DATA / "vocab" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split("、") if name.strip()]


@cache
def column_names() -> dict[str, list[str]]:
    """Map each target to the headers departments write for it."""
    return {row["target"]: _names(row["names"]) for row in _table("columns.csv")}


@cache
def kind_names() -> dict[str, str]:
    """Map the folded name of an item kind to its code.

    The codes themselves too.
    """
    names = {folded(name): row["code"] for row in _table("item-kinds.csv") for name in _names(row["names"])}
    return names | {folded(kind.label): kind.value for kind in ItemKind} | {code: code for code in ItemKind.values}


def item_kind(text: str) -> str | None:
    """Read an item kind as offices write it.

    With a suffix (许可类), a bracket (行政许可（依申请）), a number or code before or after it (一、行政许可, 01-行政许可, 行政许可01).
    """
    found = _kinds_in(text)
    return found[0] if found else None


def has_two_kinds(text: str) -> bool:
    """Tell whether a cell names several kinds (行政许可、备案), of which only the first can be taken."""
    return len(_kinds_in(text)) > 1


@lru_cache(maxsize=10_000)
def _kinds_in(text: str) -> tuple[str, ...]:
    if whole := _one_kind(text):
        return (whole,)
    parts = [_one_kind(part) for part in re.split(r"[、/,，;；+和及\n]", text)]
    return tuple(dict.fromkeys(part for part in parts if part)) if len(parts) > 1 and all(parts) else ()


def _one_kind(text: str) -> str | None:
    text = GROUP.sub("", text.strip())
    names, bare = kind_names(), folded(BRACKETED.sub("", text))
    if coded := CODED.fullmatch(bare):
        bare = coded["words"]
    bare = re.sub(r"^依(?:申请|职权)类?的?", "", bare)
    tried = (folded(text), bare, bare.removesuffix("类"), bare.removesuffix("事项"), bare.removesuffix("类事项"))
    if found := next((names[each] for each in tried if each in names), None):
        return found
    plain = folded(text).upper()
    if letters := LETTERS.match(plain):
        return LETTER_KINDS[letters[0][:2]]
    signed = re.fullmatch(r"1([A-HJZ])(?:类|[-_]?\d{1,12})?", plain)
    return POWER_LETTERS[signed[1]] if signed else None


LETTER_KINDS = {
    "XK": "01",
    "CF": "02",
    "QZ": "03",
    "ZS": "04",
    "JF": "05",
    "JC": "06",
    "QR": "07",
    "JL": "08",
    "CJ": "09",
    "QT": "10",
    "GG": "20",
    "FW": "20",
}
"""First letters of the kinds in the older lists of powers (权责清单)."""


@cache
def choice_names(element: str, choices: type[TextChoices]) -> dict[str, TextChoices]:
    """Map a choice's folded names to it, its label, its code, and what choices.csv lists for the element."""
    names = {
        folded(name): choices(row["code"])
        for row in _table("choices.csv")
        if row["element"] == element and row["code"] in choices.values
        for name in _names(row["names"])
    }
    for choice in choices:
        names[folded(choice.label)] = names[choice.value.lower()] = choice
    return names
