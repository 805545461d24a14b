"""The words departments use, from data/vocab (columns.csv, item-kinds.csv, choices.csv), which officials can edit."""

import csv
import re
from functools import cache

from django.conf import settings
from django.db.models import TextChoices

from banshi.catalog.enums import ItemKind
from banshi.spreadsheets.cells import folded

BRACKETED = re.compile(r"[（(][^（）()]*[)）]|^[一二三四五六七八九十\d]+[、.．]")


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
    """Read an item kind as offices write it: with a suffix (许可类), a bracket (行政许可（依申请）) or a number before it (一、行政许可)."""
    names, bare = kind_names(), folded(BRACKETED.sub("", text))
    tried = (folded(text), bare, bare.removesuffix("类"), bare.removesuffix("事项"), bare.removesuffix("类事项"))
    return next((names[each] for each in tried if each in names), None)


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
