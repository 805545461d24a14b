"""The words that occur in what is in force, found by how they sound, by their initials, or by nearly the same letters."""

import re
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

import tantivy

from banshi.search.pinyin import syllables
from banshi.search.vocabulary import Vocabulary

TERMS_AT_MOST = 30_000
FRESH_FOR = 60.0
RUN = 400
HAS_DIGIT = re.compile(r"\d")
SPELT_PIECES_AT_MOST = 6


@dataclass(frozen=True)
class Lexicon:
    """`weight` of each known term: in how many items it occurs, more for words of the vocabulary."""

    weight: dict[str, int]
    by_sound: dict[str, list[str]]
    by_initials: list[tuple[str, str]]
    in_order: list[str]
    sounds_in_order: list[str]
    by_letter: dict[str, list[str]]

    def __contains__(self, term: str) -> bool:
        return term in self.weight

    def sounding(self, sound: str) -> list[str]:
        """List terms with this very pinyin, commonest first."""
        return self.by_sound.get(sound, [])

    def beginning(self, letters: str, limit: int = 5) -> list[str]:
        """Complete initials to terms.

        Those they make up wholly go first, then the commonest.
        """
        start = bisect_left(self.by_initials, (letters, ""))
        run = takewhile(lambda pair: pair[0].startswith(letters), islice(self.by_initials, start, start + RUN))
        ranked = sorted((spelt != letters, -self.weight[term], term) for spelt, term in run)
        return [term for *_, term in ranked[:limit]]

    def completing(self, text: str, limit: int) -> list[str]:
        """List terms that begin so, commonest first."""
        return sorted(_run(self.in_order, text), key=lambda term: -self.weight[term])[:limit]

    def spelling(self, letters: str, limit: int) -> list[str]:
        """List terms whose pinyin begins so, commonest first."""
        terms = [term for spelt in _run(self.sounds_in_order, letters) for term in self.by_sound[spelt]]
        return sorted(terms, key=lambda term: -self.weight[term])[:limit]

    def spelt(self, letters: str) -> list[str] | None:
        """Segment pinyin typed in one run into the fewest known terms (yibaozhuanyi → 医保 转移)."""
        best: dict[int, list[str]] = {0: []}
        for end in range(2, len(letters) + 1):
            for start in range(end):
                terms = self.by_sound.get(letters[start:end])
                if terms and start in best and (end not in best or len(best[start]) + 1 < len(best[end])):
                    best[end] = [*best[start], terms[0]]
        found = best.get(len(letters))
        return found if found and len(found) <= SPELT_PIECES_AT_MOST else None

    def nearly(self, text: str) -> str | None:
        """Return the commonest known term one slip away: a letter wrong, missing, too much, or two swapped."""
        # All letters but one are shared, so one of the two that are rarest here.
        letters = set(text)
        rarest = sorted((self.by_letter.get(letter, []) for letter in letters), key=len)[:2]
        near = [
            (-self.weight[term], term)
            for term in {term for terms in rarest for term in terms}
            if len(letters.intersection(term)) >= len(letters) - 1 and is_one_slip(term, text)
        ]
        return min(near)[1] if near else None


def is_one_slip(one: str, other: str) -> bool:
    """Tell whether a letter is wrong, missing or too much, or two neighbours are swapped, and nothing else."""
    one, other = _without_shared_beginning(one, other)
    one, other = _without_shared_beginning(one[::-1], other[::-1])
    return max(len(one), len(other)) == 1 or (len(one) == 2 and one == other[::-1])


def _without_shared_beginning(one: str, other: str) -> tuple[str, str]:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[shared:], other[shared:]


def _run(ordered: list[str], beginning: str) -> Iterator[str]:
    start = bisect_left(ordered, beginning)
    return takewhile(lambda each: each.startswith(beginning), islice(ordered, start, start + RUN))


def make_lexicon(counted: Iterable[tuple[str, int]], vocabulary: Vocabulary) -> Lexicon:
    """Make a lexicon of the terms that occur, with how often.

    A number only one item bears is no word.
    """
    weight = {term: count for term, count in counted if len(term) > 1 and (count > 1 or not HAS_DIGIT.search(term))}
    for term in vocabulary.terms:
        weight[term] = 2 * weight.get(term, 0) + 1
    by_sound: dict[str, list[str]] = defaultdict(list)
    by_letter: dict[str, list[str]] = defaultdict(list)
    by_initials = []
    for term in sorted(weight, key=lambda each: -weight[each]):
        spoken = syllables(term)
        if spoken and not term.isascii():
            # ü is typed as v, and as u by who does not know that (luxingshe).
            for typed in dict.fromkeys(("".join(spoken), "".join(map(_with_u, spoken)))):
                by_sound[typed].append(term)
            by_initials.append(("".join(each[0] for each in spoken), term))
        if len(term) > 2:
            for letter in set(term):
                by_letter[letter].append(term)
    return Lexicon(weight, dict(by_sound), sorted(by_initials), sorted(weight), sorted(by_sound), dict(by_letter))


def _with_u(syllable: str) -> str:
    return syllable.replace("v", "u") if syllable[:2] in ("lv", "nv") else syllable


@dataclass(frozen=True, slots=True)
class _Held:
    vocabulary: Vocabulary
    folder: object
    commit: object
    since: float
    lexicon: Lexicon


_lock = threading.Lock()
_held: _Held | None = None


def lexicon(searcher: tantivy.Searcher, vocabulary: Vocabulary, *, folder: object, commit: object) -> Lexicon:
    """Return the lexicon of the index.

    With a new index or vocabulary it is made anew. It follows commits within a minute.
    """
    global _held
    with _lock:
        same = _held is not None and _held.vocabulary is vocabulary and _held.folder == folder
        if _held is None or not same or (_held.commit != commit and time.monotonic() - _held.since >= FRESH_FOR):
            counted = searcher.terms_with_prefix("terms", "", None, TERMS_AT_MOST)
            _held = _Held(vocabulary, folder, commit, time.monotonic(), make_lexicon(counted, vocabulary))
        return _held.lexicon
