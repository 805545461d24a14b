"""Word classes: words of everyday life that mean much the same (data/vocab/meanings.csv), in questions and in items alike.

A class is of matters (事), of acts (做) or of people (谁); a word may be of several. Officials can add words and classes.
"""

import csv
from functools import cache, lru_cache

from django.conf import settings

from banshi.search.vocabulary import cut_known
from banshi.search.words import key

LONGEST = 8
MATTER = "t"
KINDS = {"事": MATTER, "做": "a", "谁": "w"}
"""Acts (补, 换) and people rank what is found by a matter, and find nothing by themselves."""


@lru_cache(maxsize=4096)
def meanings_in(text: str) -> tuple[str, ...]:
    """List the classes of a text's words, by leftmost-longest matching, single characters where they are words."""
    found: dict[str, None] = {}
    for run in text.split():
        between = start = 0
        while start < len(run):
            ends = range(min(len(run), start + LONGEST), start + 1, -1)
            end = next((end for end in ends if run[start:end] in _classes()), 0)
            if end:
                found |= _of_words(run[between:start]) | dict.fromkeys(_classes()[run[start:end]])
                between = end
            start = end or start + 1
        found |= _of_words(run[between:])
    return tuple(found)


def _of_words(text: str) -> dict[str, None]:
    return {each: None for word in cut_known(text) for each in _classes().get(word, ())}


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    """Map each word to its classes, each a letter of its kind and a number."""
    found: dict[str, tuple[str, ...]] = {}
    with (settings.DATA / "vocab" / "meanings.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            for word in row["说法"].split("|"):
                found[key(word)] = (*found.get(key(word), ()), f"{KINDS[row['是']]}{number}")
    return found
