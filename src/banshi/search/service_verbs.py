"""Acts on what one already has: 暂停, 注销, 变更, 补领 … (data/vocab/later-acts.csv, which officials can add to).

Who asks for the plain thing (养老金, 小作坊备案) has not got it yet. So items of such acts weigh less, unless the question
names one.
"""

import csv
import re
from functools import cache

from django.conf import settings

from banshi.search.words import Understood


def is_later(name: str) -> bool:
    """Tell whether this names an item for people who already have what it is about."""
    return _words().search(name) is not None


def asks_for_later(understood: Understood) -> bool:
    """Tell whether the question names such an act, as the catalogue or people do (换), or in other words (丢了, so 挂失)."""
    ways = [way.text for concept in understood.concepts for way in concept.ways]
    return is_later(" ".join([understood.text, *ways])) or not _asked().isdisjoint(ways)


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(row["词"]) for row in _rows()))


@cache
def _asked() -> frozenset[str]:
    return frozenset(word for row in _rows() for word in (row["问法"] or "").split("|") if word)


def _rows() -> list[dict[str, str]]:
    with (settings.DATA / "vocab" / "later-acts.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["词"]]
