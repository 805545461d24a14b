"""Similarity of two texts of people by what they are about, in whatever words: offered to a person, never grouped by itself.

Words with their synonyms, classes of everyday words, and pairs of characters are those of search (data/vocab).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from banshi.search.meanings import MATTER, meanings_in
from banshi.search.service_verbs import asks_for_later
from banshi.search.vocabulary import Vocabulary, bigrams, vocabulary
from banshi.search.words import key, normalise, understand

SIMILAR_FROM = 45
"""Of a hundred. Weights and this bound were chosen by the tuning half of data/feedback/alike.csv."""
WORDS, MATTERS, PAIRS = 0.3, 1.0, 0.2
MINOR = 0.3
SHORTER = 0.7
"""Weight of the shorter of two texts in what they could share: a question may stand in a long one."""
OTHER_ACT = 0.7


@dataclass(frozen=True, slots=True)
class _Features:
    words: tuple[tuple[frozenset[str], float], ...]
    matters: frozenset[str]
    later: bool
    pairs: frozenset[str]


@lru_cache(maxsize=8192)
def _features(text: str, known: Vocabulary) -> _Features:
    classes = meanings_in(normalise(text))
    understood = understand(text, known)
    words = [
        (frozenset({each.text, *(way.text for way in each.ways)}), MINOR if each.minor else 1.0)
        for each in understood.concepts
    ]
    matters = frozenset(each for each in classes if each.startswith(MATTER))
    return _Features(tuple(words), matters, asks_for_later(understood), frozenset(bigrams(key(text))))


def _share(both: float, one: float, other: float) -> float:
    whole = SHORTER * min(one, other) + (1 - SHORTER) * max(one, other)
    return both / whole if whole else 0.0


def similarity(one: str, other: str) -> float:
    """Compute how much two texts are about the same, of a hundred."""
    known = vocabulary()
    a, b = _features(one, known), _features(other, known)
    weight_a, weight_b = (sum(weight for _, weight in each.words) for each in (a, b))
    both = sum(max((min(w, v) for each, v in b.words if word & each), default=0.0) for word, w in a.words)
    found = WORDS * _share(both, max(weight_a, 1.0), max(weight_b, 1.0))
    found += PAIRS * _share(len(a.pairs & b.pairs), len(a.pairs), len(b.pairs))
    of = WORDS + PAIRS
    if a.matters or b.matters:
        found += MATTERS * _share(len(a.matters & b.matters), len(a.matters), len(b.matters))
        of += MATTERS
    # 申领 and 注销 of one thing are two wishes.
    return 100 * found / of * (OTHER_ACT if a.later != b.later else 1.0)


def most_similar(text: str, texts: Mapping[Any, str], *, limit: int) -> list[tuple[Any, float]]:
    """Rank texts by how like they are to this one."""
    scored: Iterable[tuple[Any, float]] = ((each, similarity(text, other)) for each, other in texts.items())
    some = [(each, score) for each, score in scored if score >= SIMILAR_FROM]
    return sorted(some, key=lambda pair: -pair[1])[:limit]
