"""Query relaxation, from all words to other spellings to most of the words."""

import re
from dataclasses import dataclass, replace
from math import ceil, log

from tantivy import DocAddress, Occur, Query

from banshi.search.index import IndexSnapshot
from banshi.search.lexicon import Lexicon, lexicon
from banshi.search.query_parser import heard, loosened, read_letters, respelt
from banshi.search.ranking import Ranking, documents_in
from banshi.search.service_verbs import asks_for_later
from banshi.search.vocabulary import Vocabulary, vocabulary
from banshi.search.words import Understood, understand

HAS_LETTERS = re.compile(r"[a-z]{2}")
ONLY_LETTERS = re.compile(r"[a-z0-9]{2,}")
SURELY_MEANT = 5
HEAVY = 0.5
"""A word weighs in a partial match with half of what the rarest word of the question says (its idf), or more."""
PART, RARE, CHARACTER = 3, 2, 0.02
NEAREST = 20
FIRST = 200.0
TITLE = 3
"""A word of so many characters in an item's own name always finds it (残疾人证)."""
LONG, PHRASE, ALIKE = 2, 3, 3
"""Questions of so many words are also answered by what is spoken of, or asked for, in so many pairs of their characters."""
STORY, FEW, LIKE = 9, 8, 14.0
"""To a question of so many characters so many items are near that are asked for alike, with this score or more."""


@dataclass(frozen=True, slots=True)
class FallbackAnswer:
    """`found` are items, if `is_any`, in each of which `at_least` of the needed concepts occur.

    `corrected` was looked for in place of the text, `offered` would mean something else. `weak`: most words,
    or all of them but most not in a name.
    """

    understood: Understood
    found: Query
    is_any: bool
    at_least: int = 0
    corrected: str | None = None
    offered: str | None = None
    weak: bool = False
    first: Query | None = None
    """Items called by the document and by the act asked for on it, before those of the document alone."""

    def ranked(self, ranking: Ranking) -> Query:
        """Return the items found, best first."""
        if not self.at_least:
            return self.found
        ranked = ranking.ranked(self.found, self.understood)
        if self.first is None:
            return ranked
        first = Query.const_score_query(self.first, FIRST)
        return Query.boolean_query([(Occur.Must, ranked), (Occur.Should, first)])

    @property
    def prior(self) -> str:
        """Return the number of the index by which its items are weighed."""
        return "prior_of_all" if asks_for_later(self.understood) else "prior"

    @property
    def partial(self) -> bool:
        return self.weak or 0 < self.at_least < len(self.understood.needed)


@dataclass(frozen=True, slots=True)
class Answering:
    """One question to one index."""

    index: IndexSnapshot
    vocabulary: Vocabulary
    ranking: Ranking

    @property
    def lexicon(self) -> Lexicon:
        return lexicon(self.index.searcher, self.vocabulary, folder=self.index.folder, commit=self.index.commit)

    def answer(self, text: str) -> FallbackAnswer:
        understood = self.read(text)
        if not understood.concepts and text.strip():
            return FallbackAnswer(understood, Query.empty_query(), False, weak=True)
        if not understood.concepts:
            return FallbackAnswer(understood, Query.all_query(), self.index.searcher.num_docs > 0)
        whole = self.tried(understood, len(understood.needed))
        if not whole.is_any:
            return self._otherwise(understood)
        whole = self._called_so(whole)
        # 身份正 happens to be two words of some guide; nearly everyone who types it means 身份证.
        meant = heard(understood.text, self.lexicon)
        if meant is None:
            return whole
        other = self.read(meant)
        answer = self.tried(other, len(other.needed), meant)
        return answer if self._count(answer.found) >= SURELY_MEANT * self._count(whole.found) else whole

    def nearest(self, text: str) -> FallbackAnswer:
        """Answer, of what is only near with the nearest few."""
        answer = self.answer(text)
        if not answer.weak:
            return answer
        answer = self._of_its_document(self._or_asked_alike(answer))
        ranked = answer.ranked(self.ranking)
        best = self.index.searcher.search(ranked, NEAREST, weight_by_field=answer.prior)
        if best.count <= NEAREST:  # type: ignore[attr-defined]
            return answer
        return replace(answer, found=self._one_of(self._ids([address for _, address in best.hits])))

    def _ids(self, addresses: list[DocAddress]) -> list[int]:
        return [self.index.searcher.doc(each).get_first("id") or 0 for each in addresses]

    def _one_of(self, ids: list[int]) -> Query:
        return _either([Query.term_query(self.index.schema, "id", each) for each in ids])

    def _or_asked_alike(self, answer: FallbackAnswer) -> FallbackAnswer:
        """Add to what is near a long question the few items asked for most alike."""
        if len(answer.understood.text) < STORY:
            return answer
        alike = self.index.searcher.search(self.ranking.asked_alike(answer.understood), FEW).hits
        ids = self._ids([address for score, address in alike if score >= LIKE])
        if not ids:
            return answer
        found = _either([answer.found, self._one_of(ids)])
        return replace(answer, found=found, is_any=True, at_least=max(1, answer.at_least))

    def _of_its_document(self, answer: FallbackAnswer) -> FallbackAnswer:
        """Keep what is about the document asked for, since another's replacement is no answer (驾驶证丢了)."""
        ranking, understood = self.ranking, answer.understood
        named = documents_in(understood)
        if not named:
            return answer
        about = _either([ranking.called(each, understood) for each in named])
        found = Query.boolean_query([(Occur.Must, answer.found), (Occur.Must, about)])
        is_any = self._count(found) > 0
        return replace(answer, found=found, is_any=is_any, at_least=answer.at_least if is_any else 0)

    def _called_so(self, answer: FallbackAnswer) -> FallbackAnswer:
        """Add what is called by the words asked, or call an answer weak that only has them scattered over its text."""
        ranking, understood = self.ranking, answer.understood
        words = [each for each in understood.needed if len(each.text) > 1]
        called = [ranking.called(each, understood) for each in words or understood.needed]
        strict = Query.boolean_query([(Occur.Must, each) for each in called + ranking.documents_of(understood)])
        is_word = bool(words) or len(understood.text) == 1
        if is_word and self._count(Query.boolean_query([(Occur.Must, answer.found), (Occur.Must, strict)])):
            found = _either([answer.found, strict])
            first = strict if len(called) > 1 and documents_in(understood) else None
            return replace(answer, found=found, first=first)
        found = _either([answer.found, self._with_most_words(understood).found])
        return replace(answer, found=found, weak=True)

    def read(self, text: str) -> Understood:
        plain = understand(text, self.vocabulary)
        return read_letters(text, self.vocabulary, self.lexicon) if HAS_LETTERS.search(plain.text) else plain

    def tried(self, understood: Understood, at_least: int, corrected: str | None = None) -> FallbackAnswer:
        found = self.ranking.found(understood, at_least)
        is_any = self._count(found) > 0
        if is_any and len(understood.needed) >= LONG:
            found = self._or_spoken(found, understood)
        return FallbackAnswer(understood, found, is_any, at_least, corrected)

    def _otherwise(self, understood: Understood) -> FallbackAnswer:
        if ONLY_LETTERS.fullmatch(understood.text):
            query = self.ranking.sounding(understood.text)
            if self._count(query):
                return FallbackAnswer(understood, query, True)
        if understood.text.isdigit():
            return FallbackAnswer(understood, Query.empty_query(), False, weak=True)
        again = understand(understood.text, self.vocabulary, words_first=True)
        if again.concepts != understood.concepts and (answer := self.tried(again, len(again.needed))).is_any:
            return self._called_so(answer)
        loose = loosened(understood, self.vocabulary, self.lexicon)
        if loose != understood and (answer := self.tried(loose, len(loose.needed))).is_any:
            return self._called_so(answer)
        fixed = respelt(understood.text, self.vocabulary, self.lexicon)
        offered = None
        if fixed and (other := self.read(fixed.text)).needed:
            answer = self.tried(other, len(other.needed), fixed.text)
            if answer.is_any and fixed.certain:
                return answer
            offered = fixed.text if answer.is_any else None
        return replace(self._with_most_words(loose), offered=offered)

    def _with_most_words(self, understood: Understood) -> FallbackAnswer:
        """Relax to the items with most of the informative words, by inverse document frequency."""
        ranking = self.ranking
        sought = {each: ranking.named(each) for each in understood.needed}
        counted = {each: self._count(query) for each, query in sought.items()}
        # A single character says something where few are called so (账, 痰).
        few = CHARACTER * self.index.searcher.num_docs
        sought = {each: query for each, query in sought.items() if len(each.text) > 1 or 0 < counted[each] <= few}
        counted = {each: counted[each] for each in sought}
        for each in sought:
            if not counted[each]:
                sought[each] = ranking.found(replace(understood, concepts=(each,)), 1)
                counted[each] = self._count(sought[each])
        weight = {each: log(1 + self.index.searcher.num_docs / max(RARE, n)) for each, n in counted.items()}
        heavy = [each for each in weight if counted[each] and weight[each] >= HEAVY * max(weight.values())]
        fewest = max(1, ceil(len(heavy) / PART))
        for at_least in range(len(heavy), fewest - 1, -1):
            found = Query.boolean_query([(Occur.Should, sought[each]) for each in heavy], at_least)
            if self._count(found):
                titled = [ranking.titled(each) for each in heavy if len(each.text) >= TITLE]
                near = [ranking.meant(understood), ranking.asked(understood, ALIKE)]
                found = self._or_spoken(_either([found, *titled, *near]), understood)
                return FallbackAnswer(understood, found, True, at_least, weak=True)
        near = [ranking.said(understood), ranking.meant(understood), ranking.asked(understood, ALIKE)]
        found = _either([ranking.spoken(understood, 2), *near])
        is_any = self._count(found) > 0
        return FallbackAnswer(understood, found, is_any, int(is_any), weak=True)

    def _or_spoken(self, found: Query, understood: Understood) -> Query:
        ranking = self.ranking
        return _either([found, ranking.spoken(understood, PHRASE), ranking.said(understood)])

    def _count(self, query: Query) -> int:
        unscored = Query.const_score_query(query, 1.0)
        return self.index.searcher.search(unscored, 1).count  # type: ignore[attr-defined,no-any-return]


def _either(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, each) for each in queries])


def asking(index: IndexSnapshot) -> Answering:
    return Answering(index, vocabulary(), Ranking(index.schema, index.searcher))
