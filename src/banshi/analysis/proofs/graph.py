"""Graph of proofs between the items that demand and those that issue them.

An item *demands* proofs; a proof is *given* by items whose result it is. For an item of a place, a proof is given by
the items of that place, else of the nearest place above, else of places below (a county asking for a village's paper).
A material may ask for several papers (needs, AND), each met by any of its alternatives (OR). A need with a paper nobody
in the data gives is met from outside. Papers that are shared, or may be replaced by commitment, are not fetched by people
and so are no demand here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from banshi.analysis.tables import Tables
from banshi.rulebook.material_names import BRACKETS, Issuer, may_give, read_material
from banshi.rulebook.proof_names import NO_NAME, Dictionary, differs_in_kind, made_by, plain
from banshi.rulebook.word_lists import shipped_words

STEPS = (2, 4, 6, 9, 12)
"""Lengths of division codes: province, city, county, town, village."""

REPLACED = "补领|补发|补办|补证|补换|换领|换发|遗失|挂失"
"""Who has lost one card still holds the others."""
CARD = re.compile(r"(?:(?<!公)(?:证书?|证件)|执照|簿|户口本|(?<!登记)(?<!信息)卡|批准书)$")
"""What one keeps after it was given, unlike a proof or a receipt."""
CHANGED = re.compile(
    r"变更|延续|延期|延展|续期|续展|续办|换领|换发|换证|换新|签注|年检|年审|年度(?:检验|审验|报告|核验)|审验|校验|复审|注销(?!证明)|吊销|缴销"
)
FIRST = re.compile(r"申领|核发|新[办发领证]|首[次办领发]|初[次领]|设立|开办|成立|新增")
"""What an item of a card does with it: changes one that is held, or gives the first."""
SAYS_LITTLE = re.compile(
    r"^(?:家庭|个人|基本|相关|有关|具体|书面|一般)?(?:情况|使用|登记|审核|备案|审批|申请|身份|经营|收入|许可)?(?:的)?(?:证明|说明|证书?|表|书|单|函|材料|文件|意见|报告|通知)+书?$"
)
"""Endings that many papers of one office share."""
ENDED = re.compile(r"注销|变更|遗失|丢失|终止|解除|撤销|注册|预|临时")
"""What makes another paper of one that ends alike."""
SHARED_ENDING = 4
GIVERS_READ = 50
"""Of one proof, to see whether they have to do with what a longer name begins with."""


@dataclass(frozen=True, slots=True)
class ProofGraph:
    """Edges by position: item `asks[i]` demands proof `proofs[i]` (demand row `rows[i]`), which item `gives[i]` gives out.

    `items` are rows of Tables.items; `proof_names` the proofs' names; `doubts` what is not sure of a
    demanded name, by proof, `guessed` what is not sure of what an item gives out, by item (row).
    """

    tables: Tables
    proof_names: list[str]
    asks: np.ndarray
    gives: np.ndarray
    proofs: np.ndarray
    rows: np.ndarray
    doubts: dict[str, str]
    guessed: dict[int, str]
    needs: np.ndarray
    """For each edge the need it may meet, ascending: edges of one need are alternatives."""
    outside: dict[int, str]
    """Needs met from outside, and the paper that meets them."""

    def alternatives(self, edge: int) -> tuple[str, ...]:
        """Name the other papers that would meet the edge's need."""
        start, end = np.searchsorted(self.needs, (self.needs[edge], self.needs[edge] + 1))
        papers = [self.proof_names[proof] for proof in self.proofs[start:end].tolist()]
        if other := self.outside.get(int(self.needs[edge])):
            papers.append(other)
        return tuple(dict.fromkeys(paper for paper in papers if paper != self.proof_names[self.proofs[edge]]))


def build_graph(tables: Tables, dictionary: Dictionary) -> ProofGraph:
    """Build the graph, in which names are read once each, and who is nearest is looked for once per proof and place, however many items ask."""
    numbers: dict[str, int] = {}
    places, place_of = _encoded(tables.items["division"])
    organs, organ_of = _encoded(tables.items["organ"])
    giver, given, guessed, called = _givers(tables.items, dictionary, numbers)
    named = _Named(tables, dictionary, giver, given)
    offers = _demanded(tables, named, numbers)
    pairs, pair_of = np.unique(
        (offers.proofs * len(places) + place_of[offers.items]) * len(offers.issuers) + offers.issuer_of,
        return_inverse=True,
    )
    starts, counts, near = _nearest(pairs, places, offers.issuers, giver, given, place_of, organ_of, organs)
    of_offer = counts[pair_of] if len(pairs) else np.empty(0, np.int64)
    outside = dict(offers.outside)
    for offer in np.flatnonzero(of_offer == 0).tolist():
        outside.setdefault(int(offers.needs[offer]), called[offers.proofs[offer]])
    offset = np.arange(of_offer.sum()) - np.repeat(np.cumsum(of_offer) - of_offer, of_offer)
    gives = near[np.repeat(starts[pair_of], of_offer) + offset] if len(pairs) else near
    asks, proofs, rows, needs = (
        np.repeat(each, of_offer) for each in (offers.items, offers.proofs, offers.rows, offers.needs)
    )
    long_held = _cards(dictionary)
    cards = np.asarray([proof in long_held or bool(CARD.search(proof)) for proof in called], bool)
    lost = np.zeros(tables.items.num_rows, bool)
    lost[giver[cards[given]]] = True
    lost &= pc.match_substring_regex(pc.fill_null(tables.items["name"], ""), REPLACED).to_numpy()
    still_held = lost[asks] & cards[proofs]
    outside |= {
        need: called[proof] for need, proof in zip(needs[still_held].tolist(), proofs[still_held].tolist(), strict=True)
    }
    kept = (asks != gives) & ~still_held
    return ProofGraph(
        tables, called, asks[kept], gives[kept], proofs[kept], rows[kept], named.doubts, guessed, needs[kept], outside
    )


def _cards(dictionary: Dictionary) -> set[str]:
    return {dictionary.meaning(each).proof for each in shipped_words().list_of("held_anyway")}


def _changes(name: str) -> bool:
    """Tell whether an item is only for those who hold the card, by what stands in brackets (…核发（延续）) before the rest."""
    return any(CHANGED.search(part) and not FIRST.search(part) for part in (*BRACKETS.findall(name), name))


def _encoded(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray]:
    """Return the different texts, and for each row which it is."""
    # Null is "".
    encoded = pc.dictionary_encode(pc.fill_null(column, "")).combine_chunks()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _givers(
    items: pa.Table, dictionary: Dictionary, numbers: dict[str, int]
) -> tuple[np.ndarray, np.ndarray, dict[int, str], list[str]]:
    """List items (rows) that give a proof out, and which."""
    # And where that is a guess, why.
    names, name_of = _encoded(items["name"])
    results, result_of = _encoded(items["result_name"])
    pairs, first, pair_of = np.unique(
        name_of * max(1, len(results)) + result_of, return_index=True, return_inverse=True
    )
    called: list[str] = []
    proofs, guesses = np.full(len(pairs), -1), np.full(len(pairs), "", object)
    for pair in np.argsort(first).tolist():
        row = first[pair]
        meaning = made_by(names[name_of[row]], results[result_of[row]], dictionary)
        # Who changes, renews or gives up a card holds it: nobody gets the first one there.
        if meaning is not None and not (CARD.search(meaning.proof) and _changes(names[name_of[row]])):
            number = numbers.setdefault(meaning.proof, len(called))
            if number == len(called):
                called.append(meaning.proof)
            for need in read_material(results[result_of[row]]):
                for alias in (need[0].name, *need[0].aliases):
                    numbers.setdefault(dictionary.meaning(alias).proof, number)
            proofs[pair] = number
            guesses[pair] = meaning.doubt
    given = proofs[pair_of]
    giver = np.flatnonzero(given >= 0)
    guessed = np.flatnonzero((guesses != "")[pair_of])
    return giver, given[giver], dict(zip(guessed.tolist(), guesses[pair_of[guessed]], strict=True)), called


@dataclass(frozen=True, slots=True)
class _Offers:
    """Papers that would meet a need and are given by somebody, by position."""

    rows: np.ndarray
    items: np.ndarray
    proofs: np.ndarray
    needs: np.ndarray
    issuer_of: np.ndarray
    issuers: list[Issuer]
    outside: dict[int, str]


def _demanded(tables: Tables, named: "_Named", numbers: dict[str, int]) -> _Offers:
    """Find each paper that meets a demand people must fetch."""
    demands = tables.demands
    fetched = pc.and_(demands["required"], pc.invert(pc.or_(demands["shared"], demands["commitment"])))
    names, name_of = _encoded(demands["proof"])
    beside, beside_of = _encoded(demands["issuer"])
    dictionary = named.dictionary
    cards = _cards(dictionary)
    issuers: dict[Issuer, int] = {(frozenset(), ""): 0}
    pairs, pair_of = np.unique(name_of * max(1, len(beside)) + beside_of, return_inverse=True)
    met: list[list[tuple[int, int, int]]] = []
    spared: list[list[tuple[int, str]]] = []
    for pair in pairs.tolist():
        ways: list[tuple[int, int, int]] = []
        free: list[tuple[int, str]] = []
        for number, need in enumerate(read_material(names[pair // len(beside)], beside[pair % len(beside)])):
            for paper in need:
                proof = (
                    -1
                    if (paper.holder and dictionary.meaning(paper.name).proof in cards)
                    or (paper.name in NO_NAME and not (paper.issuers or paper.issuer))
                    else named.number((paper.name, *paper.aliases), numbers, (paper.issuers, paper.issuer))
                )
                if proof < 0:
                    free.append((number, paper.name))
                else:
                    ways.append((number, proof, issuers.setdefault((paper.issuers, paper.issuer), len(issuers))))
        gone = dict(free)
        met.append(list(ways))
        spared.append([(number, gone[number]) for number in gone if any(way[0] == number for way in ways)])
    size = np.asarray([len(each) for each in met], np.int64)
    flat = np.asarray([way for each in met for way in each], np.int64).reshape(-1, 3)
    start = np.cumsum(size) - size
    ours = size[pair_of] > 0 if len(pairs) else np.zeros(0, bool)
    chosen = np.flatnonzero(pc.fill_null(fetched, False).to_numpy(zero_copy_only=False) & ours)
    item_row = pc.index_in(demands["item_id"].take(pa.array(chosen)), tables.items["item_id"].combine_chunks())
    items = item_row.to_numpy(zero_copy_only=False).astype(np.int64)
    of_pair = pair_of[chosen]
    count = size[of_pair] if len(chosen) else np.empty(0, np.int64)
    place = np.repeat(start[of_pair] if len(chosen) else count, count)
    place = place + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    rows, most = np.repeat(chosen, count), 1 + int(flat[:, 0].max(initial=0))
    outside = {
        int(row) * most + number: paper
        for row, pair in zip(chosen.tolist(), of_pair.tolist(), strict=True)
        for number, paper in spared[pair]
    }
    return _Offers(
        rows,
        np.repeat(items, count),
        flat[place, 1],
        rows * most + flat[place, 0],
        flat[place, 2],
        list(issuers),
        outside,
    )


class _Named:
    """Proofs that somebody gives out, by the names under which they are demanded."""

    def __init__(self, tables: Tables, dictionary: Dictionary, giver: np.ndarray, given: np.ndarray) -> None:
        self.tables, self.dictionary, self.giver, self.given = tables, dictionary, giver, given
        self.doubts: dict[str, str] = {}
        self.ending: dict[str, list[str]] = {}
        self.organs: dict[int, list[str]] = {}

    def number(self, names: tuple[str, ...], numbers: dict[str, int], issuer: Issuer) -> int:
        """Return the number of the first name's proof, or -1."""
        for name in names:
            meaning = self.dictionary.meaning(name)
            number = numbers.get(meaning.proof, -1)
            if number >= 0:
                if meaning.doubt:
                    self.doubts.setdefault(meaning.proof, meaning.doubt)
                return number
        number = next((number for name in names if (number := self._by_ending(name, numbers)) >= 0), -1)
        return number if number >= 0 or not any(issuer) else self._of_issuer(names[0], numbers, issuer)

    def _of_issuer(self, name: str, numbers: dict[str, int], issuer: Issuer) -> int:
        """Take the 产地证明 a village is named for as its 农产品产地证明, where it gives no other that ends so."""
        if plain(name) in self.dictionary.names:
            return -1
        if not self.ending:
            for proof in numbers:
                self.ending.setdefault(proof[-SHARED_ENDING:], []).append(proof)
        found = {
            numbers[proof]: proof
            for proof in self.ending.get(name[-SHARED_ENDING:], ())
            if not SAYS_LITTLE.match(min(name, proof, key=len))
            and (proof.endswith(name) or name.endswith(proof))
            and not differs_in_kind(name.replace("不影响", ""), proof)
            and not ENDED.search(name.removesuffix(proof) + proof.removesuffix(name))
            and self._given_by(numbers[proof], issuer)
        }
        if len(found) != 1:
            return -1
        [(number, proof)] = found.items()
        self.doubts.setdefault(proof, f"“{name}”按“{proof}”看，请核对")
        return number

    def _given_by(self, number: int, issuer: Issuer) -> bool:
        if number not in self.organs:
            rows = pa.array(self.giver[self.given == number][:GIVERS_READ])
            self.organs[number] = self.tables.items["organ"].take(rows).to_pylist()
        return any(organ and may_give(*issuer, organ) for organ in self.organs[number])

    def _by_ending(self, name: str, numbers: dict[str, int]) -> int:
        """Take 退役军人优待证 for an 优待证 of those who have to do with 退役军人: the beginning stands with the giver."""
        for start in range(2, len(name) - 2):
            head, tail = name[:start], name[start:]
            proof = self.dictionary.names.get(tail, tail)
            if (
                tail not in NO_NAME
                and (number := numbers.get(proof, -1)) >= 0
                and not differs_in_kind(head, "")
                and self._has_to_do_with(number, head)
            ):
                self.doubts.setdefault(proof, f"“{name}”按“{proof}”看，请核对")
                return number
        return -1

    def _has_to_do_with(self, number: int, head: str) -> bool:
        rows = pa.array(self.giver[self.given == number][:GIVERS_READ])
        told = "".join(
            text or "" for column in ("name", "organ") for text in self.tables.items[column].take(rows).to_pylist()
        )
        return any(head[at : at + 2] in told for at in range(len(head) - 1))


class _Givers:
    """Items that give one proof out, by place."""

    def __init__(self) -> None:
        self.at: dict[str, list[int]] = {}
        self.first_below: dict[str, list[int]] = {}

    def add(self, row: int, place: str) -> None:
        if place not in self.at:
            for above in _above(place):
                self.first_below.setdefault(above, [row])
        self.at.setdefault(place, []).append(row)

    def near(self, place: str, could: Callable[[int], bool]) -> list[int]:
        for step in (place, *_above(place)):
            if found := [row for row in self.at.get(step, ()) if could(row)]:
                return found
        return [row for row in self.first_below.get(place, []) if could(row)]


def _above(place: str) -> Iterator[str]:
    """Yield the places above, nearest first, the nation ("") last."""
    for length in reversed(STEPS):
        if length < len(place):
            yield place[:length]
    if place:
        yield ""


def _nearest(
    pairs: np.ndarray,
    places: list[str],
    issuers: list[Issuer],
    giver: np.ndarray,
    given: np.ndarray,
    place_of: np.ndarray,
    organ_of: np.ndarray,
    organs: list[str],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find for each proof, place and issuer named (one number) a stretch, start and length, of the givers' rows."""
    by_proof: dict[int, _Givers] = {}
    for row, proof, place in zip(giver.tolist(), given.tolist(), place_of[giver].tolist(), strict=True):
        by_proof.setdefault(proof, _Givers()).add(row, places[place])
    near = []
    for pair in pairs.tolist():
        here, named = pair // len(issuers), issuers[pair % len(issuers)]

        def could(row: int, named: Issuer = named) -> bool:
            return may_give(*named, organs[organ_of[row]])

        near.append(by_proof[here // len(places)].near(places[here % len(places)], could))
    counts = np.asarray([len(each) for each in near], np.int64)
    return np.cumsum(counts) - counts, counts, np.asarray([row for each in near for row in each], np.int64)


@dataclass(frozen=True, slots=True)
class Fixpoint:
    """Least fixpoint of the AND–OR graph, for each edge.

    `stuck`: nothing can meet its need. `met_by`: the edge that met its need first, -1 when that came from outside (or never).
    """

    stuck: np.ndarray
    met_by: np.ndarray


def least_fixpoint(graph: ProofGraph) -> Fixpoint:
    """Propagate from the items that need nothing, round by round, each edge once (linear)."""
    size = graph.tables.items.num_rows
    ids, first, need = np.unique(graph.needs, return_index=True, return_inverse=True)
    met = np.isin(ids, np.fromiter(graph.outside, np.int64, len(graph.outside)))
    met_by = np.full(len(ids), -1)
    of_need = graph.asks[first]
    left = np.bincount(of_need[~met], minlength=size)
    order = np.argsort(graph.gives, kind="stable")
    bounds = np.searchsorted(graph.gives[order], np.arange(size + 1))
    front = np.flatnonzero(left == 0)
    while len(front):
        counts = bounds[front + 1] - bounds[front]
        edges = order[np.repeat(bounds[front] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())]
        newly, one = np.unique(need[edges], return_index=True)
        met_by[newly[~met[newly]]] = edges[one[~met[newly]]]
        newly = newly[~met[newly]]
        met[newly] = True
        np.subtract.at(left, of_need[newly], 1)
        front = np.unique(of_need[newly])
        front = front[left[front] == 0]
    return Fixpoint(~met[need], met_by[need])


def tangles(graph: ProofGraph) -> list[np.ndarray]:
    """Collect the edges (positions in the graph) of each hard knot, within one strongly connected component."""
    return strongly_tied(graph, np.flatnonzero(least_fixpoint(graph).stuck))


def strongly_tied(graph: ProofGraph, edges: np.ndarray) -> list[np.ndarray]:
    """Group the edges that run inside one strongly connected component."""
    size = graph.tables.items.num_rows
    if not len(edges):
        return []
    asks, gives = graph.asks[edges], graph.gives[edges]
    matrix = coo_array((np.ones(len(edges), np.int8), (asks, gives)), shape=(size, size)).tocsr()
    _, knot = connected_components(matrix, connection="strong")
    inside = edges[knot[asks] == knot[gives]]
    order = inside[np.argsort(knot[graph.asks[inside]], kind="stable")]
    cuts = np.flatnonzero(np.diff(knot[graph.asks[order]])) + 1
    return [part for part in np.split(order, cuts) if len(part)]
