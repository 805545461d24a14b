"""Relevance evaluation on the labelled questions of data/search/questions.csv.

Half of them, chosen by the digest of the question before anything was tuned, is held out: words and weights are looked
at with the other half only. A question none of whose items is in force here is not asked.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.conf import settings

from banshi.search.index import reading
from banshi.search.queries import find
from banshi.search.words import key

DEPTH = 10


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    text: str
    items: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        return sha256(self.text.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """`rank` of the first acceptable item among the names found, 0 when there is none in the first ten."""

    question: LabelledQuestion
    names: Sequence[str]
    rank: int


@dataclass(frozen=True, slots=True)
class Marks:
    asked: list[RankedQuestion] = field(default_factory=list)

    def within(self, depth: int) -> float:
        """Return the share of questions with an acceptable item among the first `depth`."""
        return self._share(1 if 0 < each.rank <= depth else 0 for each in self.asked)

    @property
    def reciprocal_rank(self) -> float:
        return self._share(1 / each.rank if each.rank else 0 for each in self.asked)

    def _share(self, values: Iterable[float]) -> float:
        return sum(values) / len(self.asked) if self.asked else 0.0

    @property
    def poor(self) -> list[RankedQuestion]:
        """Questions whose answer is not among the first three."""
        return [each for each in self.asked if not 0 < each.rank <= 3]

    def half(self, *, held_out: bool) -> "Marks":
        return Marks([each for each in self.asked if each.question.held_out == held_out])


def questions(name: str = "questions.csv") -> list[LabelledQuestion]:
    with (settings.DATA / "search" / name).open(encoding="utf-8", newline="") as file:
        return [LabelledQuestion(row["question"], tuple(row["items"].split("|"))) for row in csv.DictReader(file)]


def judge(ask: Callable[[str], Sequence[str]], asked: Iterable[LabelledQuestion]) -> Marks:
    """Judge a ranking, for which `ask` gives the names found for a question, best first."""
    ranked = []
    for question in asked:
        names, wanted = ask(question.text)[:DEPTH], set(map(key, question.items))
        ranks = (place for place, name in enumerate(names, 1) if key(name) in wanted)
        ranked.append(RankedQuestion(question, names, next(ranks, 0)))
    return Marks(ranked)


def judge_index() -> Marks:
    """Return the marks of the index in use.

    Raises IndexUnusable.
    """
    searcher = reading().searcher
    here = [each for each in questions() if any(searcher.doc_freq("exact", key(item)) for item in each.items)]
    return judge(lambda text: [hit.name for hit in find(text, per_page=DEPTH).hits], here)
