"""Query expansion at the item's side, from words of everyday life to what the catalogue calls it (data/vocab/spoken.csv).

A row holds for each item whose name has all its parts, in whatever city. Officials can add to it.
"""

import csv
from functools import cache

from django.conf import settings

from banshi.search.words import key


def spoken_words(name: str) -> tuple[str, ...]:
    """Return how people speak of what an item of this name is for."""
    plain = key(name)
    return tuple(
        dict.fromkeys(word for parts, ways in _rows() if all(part in plain for part in parts) for word in ways)
    )


@cache
def _rows() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    with (settings.DATA / "vocab" / "spoken.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            (tuple(map(key, row["事项"].split())), tuple(map(key, row["说法"].split("|"))))
            for row in csv.DictReader(file)
            if row["事项"]
        )
