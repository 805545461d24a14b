"""The words search knows: what to ignore, what means the same, what is one word.

Read from data/vocab/*.csv, which officials can edit, and overlaid by the `Synonym` rows added at the console. Kept in
memory; files are looked at again when their time changes, rows when their `core.Cursor` moved, at most every few seconds.
"""

import csv
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import rjieba
from django.conf import settings

from banshi.core.models import Cursor
from banshi.search.models import Synonym

CURSOR = "search.synonyms"
EQUAL, ONE_WAY = 0.95, 0.85
LOOK_AGAIN_AFTER = 3.0


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to say it.

    A space in `text` means that all its parts are wanted. `weight` is 1 for the word itself.
    """

    text: str
    weight: float


@dataclass(frozen=True, eq=False)
class Vocabulary:
    ignored: frozenset[str]
    minor: frozenset[str]
    ways: dict[str, tuple[Way, ...]]
    words: frozenset[str] = field(repr=False)

    @cached_property
    def terms(self) -> frozenset[str]:
        """All single words of it, for spelling and completion."""
        return (
            self.words | self.ways.keys() | {w.text for ways in self.ways.values() for w in ways if " " not in w.text}
        )

    def teach(self) -> None:
        """Let the segmenter keep our words whole."""
        for word in self.terms | self.ignored | self.minor:
            if len(word) > 1:
                rjieba.add_word(word, None, None)
        words_in.cache_clear()


def cut(text: str) -> list[str]:
    """Cut a text into its words, as long as they come, no number within a longer one."""
    words: list[str] = []
    between = True
    for word in rjieba.cut(text):
        if not between and word.isdigit() and words[-1].isdigit():
            words[-1] += word
        elif word[0].isalnum():
            words.append(word)
        between = not word[0].isalnum()
    return words


def cut_known(text: str) -> list[str]:
    """List words of the dictionaries only, without those the segmenter guesses (发啥 is 发, 啥)."""
    return [word for word in rjieba.cut(text, False) if word[0].isalnum()]


def cut_small(text: str) -> list[str]:
    """List words of a text and the words within them."""
    return [word for word in rjieba.cut_for_search(text) if word[0].isalnum()]


def is_ordinary(text: str) -> bool:
    """Tell whether the segmenter's dictionary holds this as one word of two characters or more."""
    return len(text) > 1 and bool(rjieba.has_word(text))


@lru_cache(maxsize=512)
def words_in(text: str) -> str:
    """Segment into one text.

    Kept until new words are taught, since many counties say word for word what their province says.
    """
    return " ".join(cut_small(text))


def bigrams(text: str) -> list[str]:
    return [a + b for a, b in pairwise(text)]


_lock = threading.Lock()
_held: tuple[object, Vocabulary] | None = None
_looked = -LOOK_AGAIN_AFTER


def vocabulary() -> Vocabulary:
    global _held, _looked
    if _held and time.monotonic() - _looked < LOOK_AGAIN_AFTER:
        return _held[1]
    with _lock:
        files = sorted((settings.DATA / "vocab").glob("*.csv"))
        row = Cursor.objects.filter(reader=CURSOR).values_list("position", flat=True).first()
        state = (tuple((str(file), file.stat().st_mtime_ns) for file in files), row)
        if not _held or _held[0] != state:
            fresh = read_vocabulary(settings.DATA / "vocab", Synonym.objects.filter(ended_at=None))
            fresh.teach()
            _held = state, fresh
        _looked = time.monotonic()
    return _held[1]


def look_again() -> None:
    """Invalidate the cache, so that the next `vocabulary()` looks for changes."""
    global _looked
    _looked = -LOOK_AGAIN_AFTER


def read_vocabulary(folder: Path, added: Iterable[Synonym] = ()) -> Vocabulary:
    words = frozenset(row["词"] for row in _rows(folder / "dictionary.csv"))
    roles = {row["词"]: row["作用"] for row in _rows(folder / "stopwords.csv")}
    listed = [(r["说法"], r["也叫"].split("|"), r["方向"] == "单向") for r in _rows(folder / "synonyms.csv")]
    over = [(each.term, list(each.means), each.one_way) for each in added]
    replaced = {term for term, _, _ in over}
    # In a row of equals everyone stands for everyone.
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for term, means, one_way in [*(row for row in listed if row[0] not in replaced), *over]:
        heads = [term] if one_way else [term, *(m for m in means if " " not in m)]
        for head in filter(None, heads):
            for other in filter(None, [term, *means]):
                if other != head and (not one_way or other != term):
                    weight = ONE_WAY if one_way else EQUAL
                    found[head][other] = max(weight, found[head].get(other, 0))
    ways = {head: tuple(Way(*pair) for pair in others.items()) for head, others in found.items()}
    return Vocabulary(
        ignored=frozenset(word for word, role in roles.items() if role == "忽略"),
        minor=frozenset(word for word, role in roles.items() if role == "次要"),
        ways=ways,
        words=words,
    )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {key: (value or "").strip() for key, value in row.items() if key}
