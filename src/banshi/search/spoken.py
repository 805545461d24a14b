"""Query expansion at the item's side, from words of everyday life to what the catalogue calls it (data/vocab/spoken.csv).

A row holds for each item whose name has all its parts, in whatever city. Officials can add to it. Whole turns of
speech by which it is asked for stand beside them (asked.csv): what shares characters with these only ranks.
"""

import csv
from collections.abc import Callable
from functools import cache, lru_cache

from django.conf import settings

from banshi.search.words import key

Table = tuple[str, str]
SPOKEN, ASKED = ("spoken.csv", "说法"), ("asked.csv", "问法")
SHORTEST, LONGEST = 2, 10
"""Letters of a way of speaking that is recognised as a whole."""


def spoken_words(name: str) -> tuple[str, ...]:
    """Return how people speak of what an item of this name is for."""
    return _ways_of(SPOKEN, _rows_of(SPOKEN, key(name)))


def asked_for(name: str) -> tuple[str, ...]:
    """Return turns of speech by which people ask for an item of this name."""
    return _ways_of(ASKED, _rows_of(ASKED, key(name)))


def _rows_of(table: Table, plain: str) -> tuple[int, ...]:
    return tuple(number for number, (parts, _) in enumerate(_rows(table)) if all(part in plain for part in parts))


@lru_cache(maxsize=2048)
def _ways_of(table: Table, rows: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(way for number in rows for way in _rows(table)[number][1]))


AGAIN = frozenset(first + second for first in "补重再换代" for second in "办领发做开")
"""Acts on what one has had, whose second sign is an act of its own."""


def said_in(text: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the known ways of speaking that stand in the text as a whole, by leftmost-longest matching."""
    found: dict[str, None] = {}
    for run in text.split():
        reached = 0
        for start in range(len(run)):
            if run[start - 1 : start + 1] in AGAIN and start:
                continue  # 办结婚 does not stand in 补办结婚证
            ends = range(min(len(run), start + LONGEST), max(start + SHORTEST, reached + 1) - 1, -1)
            end = next((end for end in ends if is_known(run[start:end])), 0)
            if end:
                found[run[start:end]] = None
                reached = end
    return tuple(found)


@cache
def _rows(table: Table) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    name, column = table
    with (settings.DATA / "vocab" / name).open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            (tuple(map(key, row["事项"].split())), tuple(map(key, row[column].split("|"))))
            for row in csv.DictReader(file)
            if row["事项"]
        )
