"""Searching: what is found for a question, what to suggest while it is typed, what nobody found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.safestring import SafeString
from tantivy import Query, Searcher

from banshi.catalog.models import Listing
from banshi.search.actions import record_miss
from banshi.search.documents import stored
from banshi.search.highlight import mark, marked_words, snippet
from banshi.search.index import IndexUnusable, reading, report_unusable
from banshi.search.labels import FIXED, labels
from banshi.search.models import Miss, Synonym
from banshi.search.query_fallback import Answering, FallbackAnswer, asking
from banshi.search.ranking import FACETS
from banshi.search.suggesting import Suggestion, suggest
from banshi.search.vocabulary import Way
from banshi.search.words import Concept, Understood, normalise

__all__ = [
    "Explained",
    "FacetCount",
    "Hit",
    "SearchResult",
    "Suggestion",
    "explain",
    "find",
    "misses",
    "record_miss",
    "suggest",
    "synonyms_in_use",
]

Filters = Mapping[str, Sequence[str]]
FACET_VALUES_AT_MOST = 100
FURTHEST = 10_000
NOTICE = "搜索正在整理，暂时只能按事项名称查找。"


@dataclass(frozen=True, slots=True)
class Hit:
    """One item found. The marked texts are safe HTML."""

    item_id: int
    guid: str
    name: str
    name_marked: SafeString
    snippet_marked: SafeString
    score: float


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`total` is exact.

    `corrected`: what was looked for in place of the text. `offered`: another spelling, which means something else. `partial`: no item has all the words, these have most.
    `notice`: the index could not be asked, and what that means.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)
    corrected: str | None = None
    offered: str | None = None
    terms: list[str] = field(default_factory=list)
    partial: bool = False
    notice: str = ""


def find(text: str, *, filters: Filters | None = None, page: int = 1, per_page: int = 20) -> SearchResult:
    """List items in force for a question, within the chosen facets.

    Empty text: all of them.
    """
    chosen = {name: list(values) for name, values in (filters or {}).items() if name in FACETS and values}
    start = max(0, min((page - 1) * per_page, FURTHEST))
    try:
        question = asking(reading())
        return _found(question, question.nearest(text), chosen, start, per_page)
    except (IndexUnusable, ValueError, RuntimeError, OSError) as error:
        report_unusable(error)
        plain = normalise(text)
        rows = Listing.objects.none() if text.strip() and not plain else Listing.objects.all()
        for part in plain.split():
            rows = rows.filter(name__icontains=part)
        limited = _limited_rows(rows, chosen)
        listed = limited.select_related("item").order_by("item_id")[start : start + per_page]
        words = marked_words(Understood(plain, tuple(Concept(part, (Way(part, 1.0),)) for part in plain.split())))
        hits = [
            Hit(e.item_id, str(e.item.guid), e.name, mark(e.name, words), mark(e.summary, words), 0.0) for e in listed
        ]
        counts = {name: _row_counts(_limited_rows(rows, chosen, without=name), name) for name in FACETS}
        return SearchResult(
            hits, limited.count(), _labelled(counts, chosen, object()), terms=plain.split(), notice=NOTICE
        )


def _found(question: Answering, answer: FallbackAnswer, chosen: Filters, start: int, count: int) -> SearchResult:
    index, ranking = question.index, question.ranking
    query = ranking.limited(answer.ranked(ranking), chosen)
    result = index.searcher.search(query, count, offset=start, weight_by_field=answer.prior)
    words = marked_words(answer.understood)
    hits = [
        Hit(
            each.id,
            each.guid,
            each.name,
            mark(each.name, words),
            snippet([each.summary, each.body], words),
            score=score,
        )
        for each, score in ((stored(index.searcher, address), score) for score, address in result.hits)
    ]
    # Counts per value. Those of a chosen facet are taken as if it were not chosen, so that people can switch.
    open_facets = [name for name in FACETS if name not in chosen]
    counts = _counts(index.searcher, ranking.limited(answer.found, chosen), open_facets)
    for name in chosen:
        counts |= _counts(index.searcher, ranking.limited(answer.found, chosen, without=name), [name])
    facets = _labelled(counts, chosen, index.folder)
    return SearchResult(
        hits=hits,
        total=result.count,  # type: ignore[attr-defined]
        facets=facets,
        corrected=answer.corrected,
        offered=answer.offered,
        terms=[each.text for each in answer.understood.concepts],
        partial=answer.partial,
    )


# Facets


def _counts(searcher: Searcher, query: Query, names: list[str]) -> dict[str, dict[str, int]]:
    if not names:
        return {}
    asked = {name: {"terms": {"field": name, "size": FACET_VALUES_AT_MOST}} for name in names}
    answer = searcher.aggregate(query, asked)
    # Keys of number fields come as floats.
    return {
        name: {str(b["key"]).removesuffix(".0"): int(b["doc_count"]) for b in answer[name]["buckets"]} for name in names
    }


def _labelled(counts: dict[str, dict[str, int]], chosen: Filters, of: object) -> dict[str, list[FacetCount]]:
    found = {}
    for name in FACETS:
        picked = chosen.get(name, ())
        # A chosen value stays to be seen even when it finds nothing.
        counted = {**dict.fromkeys(picked, 0), **counts[name]}
        named = labels(name, counted, of)
        ranked = sorted(counted.keys() & named.keys(), key=lambda value: (-counted[value], value))
        found[name] = [FacetCount(value, named[value], counted[value], value in picked) for value in ranked]
    return found


# Without the index


def _limited_rows(rows: QuerySet[Listing], chosen: Filters, *, without: str = "") -> QuerySet[Listing]:
    for name, values in chosen.items():
        if name != without:
            wanted = Q()
            for value in values:
                wanted |= _is(name, value)
            rows = rows.filter(wanted)
    return rows


def _is(facet: str, value: str) -> Q:
    match facet:
        case "organ":
            return Q(organ=int(value)) if value.isascii() and value.isdigit() and len(value) < 18 else Q(pk__in=[])
        case "online":
            return Q(online=value == "1")
        case "audience":
            asked = {"person": Q(for_person=True), "company": Q(for_company=True), "untold": Q(for_person=None)}
            return asked.get(value, Q(pk__in=[]))
    return Q(**{facet: value})


def _row_counts(rows: QuerySet[Listing], facet: str) -> dict[str, int]:
    if facet == "audience":
        return {value: rows.filter(_is(facet, value)).count() for value in FIXED["audience"]}
    counted = rows.order_by().values_list(facet).annotate(Count("pk"))
    return {
        str(int(value) if facet == "online" else value): count for value, count in counted if value not in (None, "")
    }


# For officials


@dataclass(frozen=True, slots=True)
class Explained:
    """A question as it is understood, and its results."""

    answer: FallbackAnswer
    found: SearchResult


def explain(text: str) -> Explained:
    """Explain how a question was understood.

    Raises IndexUnusable.
    """
    question = asking(reading())
    answer = question.nearest(text)
    return Explained(answer, _found(question, answer, {}, 0, 10))


def misses(*, since: date | None = None) -> QuerySet[Miss, Any]:
    """List questions without an answer, with how often (`times`) and when last (`last`), most asked first."""
    rows = Miss.objects.filter(day__gte=since) if since else Miss.objects.all()
    counted = rows.order_by().values("text").annotate(times=Sum("count"), last=Max("last_at"))
    return counted.order_by("-times", "-last", "text")


def synonyms_in_use() -> QuerySet[Synonym]:
    return Synonym.objects.filter(ended_at=None).select_related("added_by")
