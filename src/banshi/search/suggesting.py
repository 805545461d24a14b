"""Suggestions while somebody types, from characters, pinyin and initials."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal

from banshi.catalog.models import Category, Listing
from banshi.people.models import Organ
from banshi.search.documents import stored
from banshi.search.index import IndexUnusable, reading, report_unusable
from banshi.search.pinyin import initials, sound
from banshi.search.query_fallback import Answering, asking
from banshi.search.words import normalise

HAS_LETTERS = re.compile(r"[a-z]")
WORDS, PLACES = 2, 2
ITEMS = 8
PLACES_FRESH_FOR = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`guid` is the item's, or the code or number of the category or organ. None for words to search."""

    text: str
    kind: Literal["item", "category", "organ", "query"]
    guid: str | None = None


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    plain = normalise(text)
    if not plain:
        return []
    try:
        found = _suggestions(plain, limit)
    except (IndexUnusable, ValueError, RuntimeError, OSError) as error:
        report_unusable(error)
        rows = Listing.objects.filter(name__icontains=plain).select_related("item")[:limit]
        found = [Suggestion(each.name, "item", str(each.item.guid)) for each in rows]
    # No text twice; what leads somewhere goes before mere words.
    places = {each.text: each for each in reversed(found) if each.kind != "query"}
    return list({each.text: places.get(each.text, each) for each in found}.values())[:limit]


def _suggestions(plain: str, limit: int) -> list[Suggestion]:
    """Suggest words first, then items."""
    # The last places are for offices and categories, so that many items don't hide them.
    question = asking(reading())
    if not HAS_LETTERS.search(plain):
        completions = question.lexicon.completing(plain, WORDS)
    else:
        letters = sound(plain)
        by_initials = question.lexicon.beginning(letters, WORDS) if letters == plain else []
        completions = [*question.lexicon.spelling(letters, WORDS), *by_initials][:WORDS]
    words = [Suggestion(word, "query") for word in completions]
    named = _named_places(question.index.folder, int(time.monotonic() // PLACES_FRESH_FOR))
    found = [place for place, written, _ in named if plain in written]
    if not found and HAS_LETTERS.search(plain):
        found = [place for place, _, sounds in named if any(each.startswith(plain) for each in sounds)]
    places = found[:PLACES]
    items = list(islice(_items(plain, question), max(1, limit - len(words) - len(places))))
    return [*words, *items, *places]


def _items(plain: str, question: Answering) -> Iterator[Suggestion]:
    answer = question.answer(plain)
    if answer.partial:
        return
    searcher = question.index.searcher
    ranked = answer.ranked(question.ranking)
    for _, address in searcher.search(ranked, ITEMS, weight_by_field=answer.prior).hits:
        item = stored(searcher, address)
        yield Suggestion(item.name, "item", item.guid)


@lru_cache(maxsize=1)
def _named_places(folder: Path, minute: int) -> list[tuple[Suggestion, str, tuple[str, str]]]:
    """List categories and organs that have something in force, with how they are written and how they sound."""
    places = [Suggestion(each.name, "category", each.code) for each in Category.objects.all()]
    organs = Organ.objects.filter(pk__in=Listing.objects.values("organ"))
    places += [Suggestion(each.called, "organ", str(each.pk)) for each in organs]
    return [(place, place.text.lower(), (sound(place.text), initials(place.text))) for place in places]
