"""From what is looked for to a query of the index, and what weighs how much.

A concept is found where one of its ways is found; a way where all its parts are. In names and aliases a part is found
by its pairs of characters, so that no segmenter's whim hides it; in longer text by its words.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tantivy
from tantivy import Occur, Query

from banshi.search.documents import HEAD_LETTERS, INITIAL_LETTERS, SOUND_LETTERS
from banshi.search.meanings import MATTER, meanings_in
from banshi.search.service_verbs import asks_for_later, is_later
from banshi.search.spoken import AGAIN, said_in
from banshi.search.vocabulary import Way, bigrams, cut, is_ordinary
from banshi.search.words import QUANTITY, Concept, Understood, key

NAME, ALIAS, SPOKEN, ORGAN, SUMMARY, MATERIALS, BODY = 3.0, 2.6, 1.5, 1.0, 1.0, 0.5, 0.4
RUNNING, SAID, ASKED = 4.0, 8.0, 3.0
MEANT, MEANT_ABOUT = 1.5, 0.7
MINOR = 0.6
EXACT, HEAD = 30.0, 1.5
AUDIENCE = 0.5
COMPANY_WORDS = frozenset({"企业", "公司", "单位", "老板", "员工", "职工", "厂", "法人", "个体户", "开店", "招工"})
DOCUMENT = re.compile("[证照卡税险牌]")
DOCUMENT_WORD = re.compile("(?![换领办补考发验签认公见保论上打刷拿])[^个张本些]{1,5}[证照卡]")
"""A word for one document (护照), and for no act on one (换证)."""
FACETS = ("division", "category", "organ", "level", "audience", "online")


@dataclass(frozen=True, slots=True)
class Ranking:
    """One question's queries. What several of them need is worked out once."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    _kept: dict[tuple[str, object], Any] = field(default_factory=dict)

    def found(self, understood: Understood, at_least: int) -> Query:
        """Match items in which at least so many of the needed concepts are found, in no order: for counts."""
        concepts = [
            self._either(_all([self._found_part(part) for part in way.text.split()]) for way in each.ways)
            for each in understood.needed
        ]
        if at_least == len(concepts):
            return _all(concepts)
        return Query.boolean_query([(Occur.Should, each) for each in concepts], at_least)

    def named(self, concept: Concept) -> Query:
        """Match items whose name or alias has the concept."""
        return self._either(
            _all([self._term("found_by_name", gram) for part in way.text.split() for gram in bigrams(part) or [part]])
            for way in concept.ways
        )

    def called(self, concept: Concept, understood: Understood) -> Query:
        """Match items whose name, alias, office or place has the concept, or spoken of in the question's very words."""
        names = [_all([self._in_a_name(bigrams(part) or [part]) for part in way.text.split()]) for way in concept.ways]
        names += [_all([self._term("organ_words", word) for word in cut(concept.text) or [concept.text]])]
        said = [self._term("spoken_ways", way) for way in self._said_in(understood.text) if concept.text in way]
        return self._either([*names, *said])

    def _in_a_name(self, grams: Sequence[str]) -> Query:
        return self._either(_all([self._term(field, gram) for gram in grams]) for field in ("grams", "alias_grams"))

    def documents_of(self, understood: Understood) -> list[Query]:
        """Match items whose name has the document or levy a word of the question is made into (导游证, 房产税)."""
        return [
            self._either(self._in_a_name([way.text[-1] + made[0]]) for way in each.ways)
            for each in understood.concepts
            if (made := DOCUMENT.match(understood.text.partition(each.text)[2]))
            and (not each.minor or is_ordinary(each.text + made[0]))
        ]

    def titled(self, concept: Concept) -> Query:
        """Match items whose own name has the word itself."""
        return _all([self._term("grams", gram) for gram in bigrams(concept.text)])

    def ranked(self, found: Query, understood: Understood) -> Query:
        """Rank what was found, best first."""
        clauses: list[tuple[Occur, Query]] = self._once("weighed", understood, self._weighed)
        return Query.boolean_query([(Occur.Must, Query.const_score_query(found, 0.0)), *clauses])

    def _weighed(self, understood: Understood) -> list[tuple[Occur, Query]]:
        weighed = [self._concept(each) for each in understood.needed]
        weighed += [Query.boost_query(self._concept(c, minor=True), MINOR) for c in understood.concepts if c.minor]
        return [(Occur.Should, each) for each in (*weighed, *self._preferred(understood))]

    def _once(self, what: str, of: Any, make: Callable[[Any], Any]) -> Any:
        if (what, of) not in self._kept:
            self._kept[what, of] = make(of)
        return self._kept[what, of]

    def _found_part(self, part: str) -> Query:
        by_name = [self._term("found_by_name", gram) for gram in bigrams(part) or [part]]
        by_text = [self._term("found_by_text", word) for word in cut(part) or [part]]
        return self._either([_all(by_name), _all(by_text)])

    def _either(self, queries: Iterable[Query]) -> Query:
        some = list(queries)
        return some[0] if len(some) == 1 else Query.boolean_query([(Occur.Should, each) for each in some])

    def _term(self, field: str, token: str) -> Query:
        return Query.term_query(self.schema, field, token, "basic")

    def spoken(self, understood: Understood, at_least: int) -> Query:
        """Match items whose spoken words share so many pairs of characters with the question, however it is segmented."""
        return self._any_of("spoken_grams", self._telling_pairs(understood), at_least)

    def asked(self, understood: Understood, at_least: int) -> Query:
        """Match items asked for in turns of speech that share so many pairs of characters with the question."""
        return self._any_of("asked", self._telling_pairs(understood), at_least)

    def asked_alike(self, understood: Understood) -> Query:
        """Rank by the characters and their pairs shared with the turns of speech in which an item is asked for."""
        return self._any_of("asked", {gram for run in understood.text.split() for gram in (*run, *bigrams(run))}, 1)

    def _telling_pairs(self, understood: Understood) -> set[str]:
        pairs: set[str] = self._once("telling", understood, self._pairs_that_tell)
        return pairs

    def _pairs_that_tell(self, understood: Understood) -> set[str]:
        # Who and where (媳妇, 村里) say little of what is wanted.
        aside = {
            gram
            for each in understood.concepts
            if each.minor and not QUANTITY.fullmatch(each.text)
            for gram in bigrams(each.text)
        }
        aside |= {gram for word in understood.ignored for gram in bigrams(word)}
        aside |= {
            run[at + 1 : at + 3]
            for run in understood.text.split()
            for at in range(len(run))
            if run[at : at + 2] in AGAIN
        }
        grams = {gram for run in understood.text.split() for gram in bigrams(run)} - aside
        # A number is the whole of it: 12329 shares nothing with 12315.
        return {gram for gram in grams if not any(sign.isdigit() for sign in gram)}

    def _any_of(self, field: str, grams: Iterable[str], at_least: int) -> Query:
        terms = [Query.term_query(self.schema, field, gram, "freq") for gram in sorted(grams)]
        return Query.boolean_query([(Occur.Should, each) for each in terms], at_least) if terms else Query.empty_query()

    def said(self, understood: Understood) -> Query:
        """Match items one of whose spoken words stands in the question as a whole."""
        aside = {each.text for each in understood.concepts if each.minor} | set(understood.ignored)
        ways = [
            Query.term_query(self.schema, "spoken_ways", way, "basic")
            for way in self._said_in(understood.text)
            if way not in aside
        ]
        return Query.boolean_query([(Occur.Should, each) for each in ways]) if ways else Query.empty_query()

    def meant(self, understood: Understood) -> Query:
        """Match items about a matter the question is about, in whatever words."""
        matters = [each for each in meanings_in(understood.text) if each[0] == MATTER]
        terms = [Query.term_query(self.schema, "meanings", each, "basic") for each in matters]
        return Query.boolean_query([(Occur.Should, each) for each in terms]) if terms else Query.empty_query()

    def _said_in(self, text: str) -> tuple[str, ...]:
        known = self.searcher.doc_freq
        ways: tuple[str, ...] = self._once(
            "said", text, lambda said: said_in(said, lambda way: known("spoken_ways", way) > 0)
        )
        return ways

    def sounding(self, letters: str) -> Query:
        """List items in whose name something begins with this pinyin or these initials."""
        spelt = [f"1{letters[:SOUND_LETTERS]}.*", f"2{letters[:INITIAL_LETTERS]}.*"]
        return Query.boolean_query([(Occur.Should, Query.regex_query(self.schema, "sounds", each)) for each in spelt])

    def limited(self, query: Query, filters: Mapping[str, Sequence[str]], *, without: str = "") -> Query:
        """Return the query within the chosen facets: one of the values of each, but for the facet `without`."""
        clauses = [(Occur.Must, query)]
        for name, values in filters.items():
            if values and name != without:
                terms = [self._facet_term(name, value) for value in values]
                one_of = Query.boolean_query([(Occur.Should, term) for term in terms])
                clauses.append((Occur.Must, Query.const_score_query(one_of, 0.0)))
        return Query.boolean_query(clauses) if len(clauses) > 1 else query

    def _facet_term(self, facet: str, value: str) -> Query:
        if facet not in ("organ", "online"):
            return Query.term_query(self.schema, facet, value)
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 18 else -1
        return Query.term_query(self.schema, facet, number)

    def _concept(self, concept: Concept, *, minor: bool = False) -> Query:
        ways = [
            Query.boost_query(_all([self._part(part, minor) for part in way.text.split()]), way.weight)
            for way in concept.ways
        ]
        return Query.disjunction_max_query(ways, 0.05)

    def _part(self, part: str, minor: bool) -> Query:
        grams = bigrams(part) or [part]
        found = [self._in("grams", grams, NAME), self._in("alias_grams", grams, ALIAS)]
        found.append(self._in("spoken_grams", grams, SPOKEN))
        if not minor:
            words = cut(part) or [part]
            found += [
                self._in("organ_words", words, ORGAN),
                self._in("summary", words, SUMMARY),
                self._in("materials", words, MATERIALS),
                self._in("body", words, BODY),
            ]
        return Query.disjunction_max_query(found, 0.1)

    def _in(self, field: str, tokens: Sequence[str], boost: float) -> Query:
        terms = [Query.term_query(self.schema, field, token, "freq") for token in tokens]
        return Query.boost_query(_all(terms), boost)

    def _preferred(self, understood: Understood) -> Iterable[Query]:
        """Yield boosts besides an item's words, for its whole name, its beginning, and its audience."""
        needed = understood.needed
        whole = {key(understood.text)}
        if len(needed) == 1 and not asks_for_later(understood):
            whole |= {key(way.text) for way in needed[0].ways}
        if len(needed) > 1:
            yield Query.boost_query(self.spoken(understood, 1), RUNNING)
            yield Query.boost_query(self.asked_alike(understood), ASKED)
        yield Query.boost_query(self.said(understood), SAID)
        for meaning in meanings_in(understood.text) if len(needed) > 1 else ():
            fields = [self._in("meant", [meaning], MEANT), self._in("meant_about", [meaning], MEANT_ABOUT)]
            yield Query.disjunction_max_query(fields, 0.3)
        for name in sorted(whole):
            yield self._constant("exact", name, EXACT)
        for concept in needed:
            heads = [way.text[:HEAD_LETTERS] for way in concept.ways if len(way.text) > 1 and " " not in way.text]
            if heads:
                yield Query.disjunction_max_query([self._constant("heads", head, HEAD) for head in heads])
        company = any(word in concept.text for concept in understood.concepts for word in COMPANY_WORDS)
        # What says for whom it is not is most often for persons.
        for audience in ("company",) if company else ("person", "untold"):
            yield self._constant("audience", audience, AUDIENCE)

    def _constant(self, field: str, term: str, score: float) -> Query:
        return Query.const_score_query(Query.term_query(self.schema, field, term), score)


def documents_in(understood: Understood) -> list[Concept]:
    """List the documents a question asks for and says nothing more of than what is done with them (丢了, 换)."""
    made = [
        f"{each.text}{after[0]}"
        for each in understood.concepts
        if (after := DOCUMENT.match(understood.text.partition(each.text)[2]))
    ]
    words = [*understood.needed, *(Concept(word, (Way(word, 1.0),)) for word in made)]
    found = [each for each in words if DOCUMENT_WORD.fullmatch(each.text) and is_ordinary(each.text)]
    rest = [each for each in understood.needed if not any(each.text in document.text for document in found)]
    only = all(len(each.text) == 1 or is_later(" ".join([each.text, *(w.text for w in each.ways)])) for each in rest)
    return found if only else []


def _all(queries: Iterable[Query]) -> Query:
    some = list(queries)
    return some[0] if len(some) == 1 else Query.boolean_query([(Occur.Must, each) for each in some])
