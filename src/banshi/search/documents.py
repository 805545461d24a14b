"""Documents of the index, written and read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import tantivy
from django.conf import settings
from django.db import models

from banshi.catalog.models import Listing
from banshi.catalog.provenance import Provenance
from banshi.people.models import Division
from banshi.search.meanings import meanings_in
from banshi.search.pinyin import syllables
from banshi.search.service_verbs import is_later
from banshi.search.spoken import LONGEST, asked_for, spoken_words
from banshi.search.vocabulary import bigrams, cut, cut_small, words_in
from banshi.search.words import key

FORMAT = 8
"""Grows with every change of the schema or of what goes in: an index of another format is not read but rebuilt."""
GUIDE, LATER, ELSEWHERE = 1.25, 0.8, 0.5
"""A real guide against a bare line of the catalogue; an act on what one has against getting it; another place's item."""
LISTINGS_AT_ONCE = 500
BODY_SHOWN = 600
SOUND_LETTERS, INITIAL_LETTERS, HEAD_LETTERS, PAIR_LETTERS = 16, 12, 10, 8


@dataclass(frozen=True, slots=True)
class IndexedItem:
    """One item in the index."""

    id: int
    guid: str
    name: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    materials: str = ""
    body: str = ""
    organ: int = 0
    organ_name: str = ""
    category: str = ""
    category_name: str = ""
    level: str = ""
    division: str = ""
    audiences: tuple[str, ...] = ()
    online: bool | None = None
    has_guide: bool = False
    is_example: bool = False
    elsewhere: bool = False


def entries(listings: models.QuerySet[Listing], batch: int = LISTINGS_AT_ONCE) -> Iterator[IndexedItem]:
    rows = listings.select_related("organ", "division", "category", "item", "publication__revision").order_by("pk")
    city = Division.objects.filter(name=settings.CITY_NAME).first() if settings.CITY_NAME else None
    for listing in rows.iterator(chunk_size=batch):
        yield entry(listing, city)


def entry(listing: Listing, city: Division | None = None) -> IndexedItem:
    guide = listing.publication.revision.guide
    parts = [each.text for each in guide.conditions] + [guide.result_name]
    parts += [f"{each.question} {each.answer}" for each in guide.faqs]
    body = " ".join(part for part in parts if part)
    return IndexedItem(
        id=listing.item_id,
        guid=str(listing.item.guid),
        name=listing.name,
        aliases=tuple(guide.aliases),
        summary=guide.summary,
        materials=" ".join(each.name for each in guide.materials),
        body=body,
        organ=listing.organ_id,
        organ_name=f"{listing.organ.name} {listing.organ.short_name} {listing.division.name}",
        category=listing.category_id or "",
        category_name=listing.category.name if listing.category else "",
        level=listing.level,
        division=listing.division_id,
        audiences=(
            ("untold",)
            if listing.for_person is None
            else (*(["person"] if listing.for_person else []), *(["company"] if listing.for_company else []))
        ),
        online=listing.online,
        has_guide=listing.has_guide,
        is_example=listing.is_example,
        elsewhere=listing.provenance == Provenance.PAGE
        or (city is not None and not listing.division_id.startswith(city.prefix)),
    )


def schema() -> tantivy.Schema:
    """Declare the fields, integers signed only, since tantivy's unsigned ones can't be deleted by from Python."""
    build = tantivy.SchemaBuilder()
    build.add_integer_field("id", indexed=True, stored=True, fast=True)
    build.add_bytes_field("shown", stored=True)
    for scored in (
        "grams",
        "alias_grams",
        "spoken_grams",
        "asked",
        "summary",
        "materials",
        "body",
        "organ_words",
        "meant",
        "meant_about",
    ):
        build.add_text_field(scored, tokenizer_name="whitespace", index_option="freq")
    for plain in ("meanings", "found_by_name", "found_by_text", "terms", "heads", "sounds"):
        build.add_text_field(plain, tokenizer_name="whitespace", index_option="basic")
    for whole in ("exact", "spoken_ways"):
        build.add_text_field(whole, tokenizer_name="raw", index_option="basic")
    for facet in ("category", "level", "division", "audience"):
        build.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
    for number in ("organ", "online", "example", "prior", "prior_of_all"):
        build.add_integer_field(number, indexed=True, fast=True)
    return build.build()


def document(entry: IndexedItem) -> tantivy.Document:
    weight = (GUIDE if entry.has_guide else 1.0) * (ELSEWHERE if entry.elsewhere else 1.0)
    priors = {"prior": _prior(weight * LATER if is_later(entry.name) else weight), "prior_of_all": _prior(weight)}
    found = tantivy.Document(id=entry.id, organ=entry.organ, example=int(entry.is_example), **priors)
    if entry.online is not None:
        found.add_integer("online", int(entry.online))
    for audience in entry.audiences:
        found.add_text("audience", audience)
    names = [key(entry.name), *map(key, entry.aliases)]
    ways = spoken_words(entry.name)
    for way in dict.fromkeys([*ways, *(name for name in names if 1 < len(name) <= LONGEST)]):
        found.add_text("spoken_ways", way)
    spoken = _pairs(ways)
    summary, materials, body = (words_in(text.lower()) for text in (entry.summary, entry.materials, entry.body))
    meant = [each for name in names for each in meanings_in(name)]
    told = [*(each for way in ways for each in meanings_in(way)), *meanings_in(key(entry.summary))]
    about = words_in(f"{entry.organ_name} {entry.category_name}".lower())
    indexed = {
        "exact": names[0],
        "category": entry.category,
        "level": entry.level,
        "division": entry.division,
        "heads": " ".join(name[:end] for name in names for end in range(2, min(len(name), HEAD_LETTERS) + 1)),
        "found_by_name": " ".join(dict.fromkeys(" ".join([*map(_grams, names), *spoken]).split())),
        "found_by_text": " ".join(dict.fromkeys(" ".join([about, summary, materials, body]).split())),
        "grams": _grams(names[0]),
        "alias_grams": " ".join(map(_grams, names[1:])),
        "spoken_grams": " ".join(spoken),
        "asked": _asked(asked_for(entry.name)),
        "terms": " ".join(dict.fromkeys(term for name in (entry.name, *entry.aliases) for term in _terms(name))),
        "sounds": " ".join(dict.fromkeys(each for name in (entry.name, *entry.aliases) for each in _sounds(name))),
        "summary": summary,
        "materials": materials,
        "body": body,
        "organ_words": about,
        "meant": " ".join(meant),
        "meant_about": " ".join(told),
        "meanings": " ".join(dict.fromkeys([*meant, *told])),
    }
    for field, value in indexed.items():
        if value:
            found.add_text(field, value)
    texts = {"name": entry.name, "summary": entry.summary[:BODY_SHOWN], "body": entry.body[:BODY_SHOWN]}
    shown = json.dumps({"guid": entry.guid, **texts}, ensure_ascii=False, separators=(",", ":")).encode()
    found.add_bytes("shown", shown)
    return found


def _prior(weight: float) -> int:
    """Return a whole number by whose log2(1 + prior) the score is multiplied."""
    return round(2 ** (10 * weight))


def _grams(name: str) -> str:
    return " ".join([*name, *bigrams(name)])


def _terms(name: str) -> Iterator[str]:
    """List words of a name and short pairs of neighbours: what spelling and completion know."""
    words = cut(name.lower())
    yield from (word for word in cut_small(name.lower()) if len(word) > 1)
    yield from (a + b for a, b in pairwise(words) if len(a + b) <= PAIR_LETTERS)


def _sounds(name: str) -> Iterator[str]:
    """Yield from each word's beginning its pinyin after a 1, its initials after a 2, as far as one would type."""
    words = cut(name.lower())
    for place in range(len(words)):
        spoken = syllables("".join(words[place : place + INITIAL_LETTERS]))
        if spoken:
            yield "1" + "".join(spoken)[:SOUND_LETTERS]
            yield "2" + "".join(each[0] for each in spoken)[:INITIAL_LETTERS]


@lru_cache(maxsize=1024)
def _pairs(ways: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gram for way in ways for gram in bigrams(way) or [way]))


@lru_cache(maxsize=1024)
def _asked(turns: tuple[str, ...]) -> str:
    """Write characters and their pairs as often as they are said."""
    return " ".join(map(_grams, turns))


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored fields of an item, for lists."""

    id: int
    guid: str
    name: str
    summary: str
    body: str


def stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Stored:
    found = searcher.doc(address)
    return Stored(found.get_first("id") or 0, **json.loads(bytes(found.get_first("shown") or b"").decode()))
