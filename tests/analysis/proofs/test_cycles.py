"""Circles found, shown, and opened by the least."""

import itertools
import random
from typing import Any

import networkx as nx
import pyarrow as pa
import pytest

from banshi.analysis.proofs.cycles import (
    circles,
    demand_weights,
    detours,
    errands,
    knots,
    sentence,
    smallest_cut,
    without,
)
from banshi.analysis.proofs.graph import ProofGraph, build_graph, least_fixpoint, tangles
from banshi.analysis.tables import DEMANDS, ITEMS, Tables
from banshi.rulebook.proof_names import dictionary_of, made_by, plain, shipped_dictionary

PLACE = "990102"


def catalogue(*items: dict[str, Any]) -> Tables:
    """Items as name, organ, gives, asks (a list of proofs, or of (proof, more)), place, volume."""
    rows, demands = [], []
    for number, each in enumerate(items, 1):
        rows.append(
            {
                "item_id": number,
                "name": each["name"],
                "organ": each.get("organ", f"{each['name']}的单位"),
                "division": each.get("place", PLACE),
                "result_name": each.get("gives", ""),
                "volume": each.get("volume"),
            }
        )
        for position, asked in enumerate(each.get("asks", ())):
            proof, more = asked if isinstance(asked, tuple) else (asked, {})
            plain_demand = {"required": True, "shared": False, "commitment": False, "has_basis": False, "issuer": ""}
            demands.append({"item_id": number, "position": position, "proof": proof, **plain_demand, **more})
    return Tables(pa.Table.from_pylist(rows, ITEMS), pa.Table.from_pylist(demands, DEMANDS))


def graph_of(*items: dict[str, Any]) -> ProofGraph:
    return build_graph(catalogue(*items), shipped_dictionary())


BANK = {"name": "遗产存款提取", "organ": "银行", "gives": "存款凭证", "asks": ["继承公证书"]}
NOTARY = {"name": "继承公证", "organ": "公证处", "gives": "继承公证书", "asks": ["亲属关系证明"]}
POLICE = {"name": "亲属关系证明开具", "organ": "派出所", "gives": "亲属关系证明", "asks": ["居住证明"]}
VILLAGE = {
    "name": "居住证明开具",
    "organ": "居委会",
    "gives": "居住证明",
    "asks": ["户籍证明"],
    "place": "990102001001",
}
REGISTER = {"name": "户口簿补发", "organ": "派出所", "gives": "户口簿", "asks": ["亲属关系证明"]}


def test_the_circle_of_the_inheritance_is_found() -> None:
    graph = graph_of(BANK, NOTARY, POLICE, VILLAGE, REGISTER)
    [circle] = circles(graph)
    assert [hop.proof for hop in circle.hops] == ["居住证明", "居民户口簿", "亲属关系证明"]


def test_the_bank_that_stands_before_the_circle_is_not_in_it() -> None:
    graph = graph_of(BANK, NOTARY, POLICE, VILLAGE, REGISTER)
    assert all(hop.item not in (0, 1) for circle in circles(graph) for hop in circle.hops)


def test_it_is_told_so_that_a_person_understands() -> None:
    graph = graph_of(
        {"name": "甲证办理", "organ": "甲局", "gives": "甲证", "asks": ["乙证"]},
        {"name": "乙证办理", "organ": "乙局", "gives": "乙证", "asks": ["甲证"]},
    )
    [circle] = circles(graph)
    told = sentence(graph, circle)
    assert told.startswith("到甲局办“甲证办理”要“乙证”，这要先到乙局办“乙证办理”")
    assert told.endswith("哪一个都办不成。")


def test_names_of_one_proof_are_one() -> None:
    graph = graph_of({**POLICE, "asks": ["户口本原件及复印件"]}, {**REGISTER, "asks": ["《亲属关系证明》（加盖公章）"]})
    assert len(list(circles(graph))) == 1


def test_what_is_shared_or_committed_or_optional_makes_no_circle() -> None:
    for softer in ({"shared": True}, {"commitment": True}, {"required": False}):
        graph = graph_of(POLICE, VILLAGE, {**REGISTER, "asks": [("亲属关系证明", softer)]})
        assert list(circles(graph)) == []


def test_renewing_a_paper_by_the_old_one_is_no_circle() -> None:
    assert list(circles(graph_of({"name": "居住证签注", "gives": "居住证", "asks": ["居住证"]}))) == []


def test_papers_of_another_county_do_not_close_a_circle() -> None:
    far = {**REGISTER, "place": "990203"}
    here = {**REGISTER, "asks": []}
    assert list(circles(graph_of(POLICE, VILLAGE, here, far))) == []


def test_a_county_asks_the_office_above_when_it_has_none_itself() -> None:
    graph = graph_of(
        {"name": "甲证办理", "gives": "甲证", "asks": ["乙证"]}, {"name": "乙证办理", "gives": "乙证", "place": "9901"}
    )
    assert graph.gives.tolist() == [1]


def test_one_demand_opens_two_circles_that_share_it() -> None:
    graph = graph_of(
        {"name": "甲证办理", "gives": "甲证", "asks": ["乙证", "丙证"]},
        {"name": "乙证办理", "gives": "乙证", "asks": ["丁证"]},
        {"name": "丙证办理", "gives": "丙证", "asks": ["丁证"]},
        {"name": "丁证办理", "gives": "丁证", "asks": ["甲证"]},
    )
    cut = smallest_cut(graph)
    assert [graph.tables.demands["proof"][each].as_py() for each in cut.demands] == ["甲证"]
    assert cut.proven
    assert tangles(without(graph, cut.demands)) == []


def test_a_demand_without_basis_goes_before_one_the_law_names() -> None:
    graph = graph_of(
        {"name": "甲证办理", "gives": "甲证", "asks": [("乙证", {"has_basis": True})]},
        {"name": "乙证办理", "gives": "乙证", "asks": ["甲证"]},
    )
    assert [graph.tables.demands["proof"][each].as_py() for each in smallest_cut(graph).demands] == ["甲证"]


def test_of_two_equal_demands_the_one_that_relieves_more_people_goes() -> None:
    graph = graph_of(
        {"name": "甲证办理", "gives": "甲证", "asks": ["乙证"], "volume": 10},
        {"name": "乙证办理", "gives": "乙证", "asks": ["甲证"], "volume": 9000},
    )
    assert [graph.tables.demands["proof"][each].as_py() for each in smallest_cut(graph).demands] == ["甲证"]


def test_errands_are_counted_round_by_round() -> None:
    graph = graph_of(BANK, NOTARY, {**POLICE, "asks": ["户籍证明"]}, {**REGISTER, "asks": []})
    done = errands(graph, 0)
    assert done.rounds == ((1,), (2,), (3,))
    assert done.offices == ("公证处", "派出所")
    assert not done.circular


def test_errands_of_a_circle_end_and_say_so() -> None:
    graph = graph_of(POLICE, VILLAGE, REGISTER)
    assert errands(graph, 0).circular


def test_a_doubtful_match_is_shown_as_such() -> None:
    record = {"name": "无犯罪记录证明开具", "gives": "无犯罪记录证明", "asks": ["亲属关系证明"]}
    graph = graph_of({**POLICE, "asks": ["无犯罪记录的证明"]}, record)
    [circle] = circles(graph)
    assert "请核对" in circle.doubt


def test_what_an_office_gives_is_doubtful_when_its_guide_does_not_say() -> None:
    [circle] = circles(graph_of({**POLICE, "gives": ""}, VILLAGE, REGISTER))
    assert circle.doubt == "指南没写结果，按名称“亲属关系证明开具”推断"


def test_the_doubt_about_an_office_elsewhere_is_none_of_the_circle() -> None:
    elsewhere = {**POLICE, "gives": "", "asks": [], "place": "511602"}
    [circle] = circles(graph_of(elsewhere, POLICE, VILLAGE, REGISTER))
    assert circle.doubt == ""


@pytest.mark.parametrize(
    ("written", "plainly"),
    [
        ("《居民身份证》（复印件）", "居民身份证"),
        ("申请人身份证原件及复印件", "身份证"),
        ("户口簿原件和复印件各1份", "户口簿"),
        ("近期免冠照片2张", "近期免冠照片"),
    ],
)
def test_what_does_not_tell_proofs_apart_is_taken_off(written: str, plainly: str) -> None:
    assert plain(written) == plainly


@pytest.mark.parametrize(
    ("name", "result", "proof"),
    [
        ("居住证申领", "", "居住证"),
        ("亲属关系证明开具", "", "亲属关系证明"),
        ("居民身份证补领", "居民身份证", "居民身份证"),
        ("政策咨询", "", None),
        ("失业补助金申领", "", None),
    ],
)
def test_what_an_item_gives_out_is_read_from_its_result_or_its_name(name: str, result: str, proof: str | None) -> None:
    made = made_by(name, result, shipped_dictionary())
    assert (made and made.proof) == proof


def test_a_proof_is_told_with_both_halves_of_its_brackets() -> None:
    assert shipped_dictionary().meaning("婚姻状况证明（未婚声明）").proof == "婚姻状况证明（未婚声明）"


def test_opposites_are_never_taken_for_one() -> None:
    dictionary = dictionary_of([{"name": "有房产登记证明"}])
    assert dictionary.meaning("无房产登记证明").proof == "无房产登记证明"


@pytest.mark.parametrize("seed", range(25))
def test_on_chance_catalogues_circles_are_those_networkx_finds_and_the_cut_is_the_smallest(seed: int) -> None:
    chance = random.Random(seed)
    size = 7
    asks = [[f"号{to}证" for to in range(size) if to != each and chance.random() < 0.25] for each in range(size)]
    graph = graph_of(*({"name": f"第{n}件", "gives": f"号{n}证", "asks": asks[n]} for n in range(size)))
    oracle = nx.DiGraph([(int(a), int(g)) for a, g in zip(graph.asks, graph.gives, strict=True)])
    assert bool(list(circles(graph))) == (not nx.is_directed_acyclic_graph(oracle))
    on_circles = {edge for loop in nx.simple_cycles(oracle) for edge in itertools.pairwise([*loop, loop[0]])}
    shown = {(hop.item, following.item) for circle in circles(graph) for hop, following in _steps(circle)}
    assert shown == on_circles
    assert len(smallest_cut(graph).demands) == _least(oracle)


def _steps(circle: Any) -> Any:
    return zip(circle.hops, [*circle.hops[1:], circle.hops[0]], strict=True)


def _least(oracle: nx.DiGraph) -> int:
    for count in range(oracle.number_of_edges() + 1):
        for gone in itertools.combinations(oracle.edges, count):
            rest = nx.DiGraph(oracle)
            rest.remove_edges_from(gone)
            if nx.is_directed_acyclic_graph(rest):
                return count
    raise AssertionError


def test_weights_stay_positive() -> None:
    graph = graph_of(POLICE, VILLAGE, REGISTER)
    assert all(weight > 0 for weight in demand_weights(graph).values())
    assert len(knots(graph)) == 1


VILLAGE_BY_EITHER = {**VILLAGE, "asks": ["户籍证明或租赁合同"]}


def test_a_circle_with_another_paper_is_a_detour_told_with_its_way_out() -> None:
    graph = graph_of(POLICE, VILLAGE_BY_EITHER, REGISTER)
    assert list(circles(graph)) == []
    [detour] = detours(graph)
    assert len(detour.hops) == 3
    assert sentence(graph, detour).endswith("绕了一圈，但有出路：居委会办“居住证明开具”，交“租赁合同”也行。")


def test_a_way_out_says_where_the_paper_is_had() -> None:
    lease = {"name": "租赁合同备案", "organ": "住建局", "gives": "租赁合同"}
    graph = graph_of(POLICE, VILLAGE_BY_EITHER, REGISTER, lease)
    [detour] = detours(graph)
    assert sentence(graph, detour).endswith("交“租赁合同”也行（到住建局办“租赁合同备案”取得）。")


def test_a_way_out_that_leads_back_is_none() -> None:
    lease = {"name": "租赁合同备案", "organ": "住建局", "gives": "租赁合同", "asks": ["居住证明"]}
    graph = graph_of(POLICE, VILLAGE_BY_EITHER, REGISTER, lease)
    assert list(detours(graph)) == []
    told = {sentence(graph, circle).partition("。")[2] for circle in circles(graph)}
    assert told == {"绕了一圈，哪一个都办不成。"}
    assert any("要“居民户口簿”或“租赁合同”" in sentence(graph, circle) for circle in circles(graph))


def test_to_open_one_alternative_is_enough_and_that_is_proven() -> None:
    graph = graph_of(
        {"name": "甲证办理", "gives": "甲证", "asks": ["乙证或丙证"]},
        {"name": "乙证办理", "gives": "乙证", "asks": [("丁证", {"has_basis": True})]},
        {"name": "丙证办理", "gives": "丙证", "asks": [("甲证", {"has_basis": True})]},
        {"name": "丁证办理", "gives": "丁证", "asks": [("甲证", {"has_basis": True})]},
    )
    cut = smallest_cut(graph)
    assert [graph.tables.demands["proof"][each].as_py() for each in cut.demands] == ["乙证或丙证"]
    assert cut.proven


def test_a_knot_that_waits_for_another_needs_no_cut_of_its_own() -> None:
    graph = graph_of(
        {"name": "甲证办理", "gives": "甲证", "asks": ["乙证或丙证"]},
        {"name": "乙证办理", "gives": "乙证", "asks": ["甲证"]},
        {"name": "丙证办理", "gives": "丙证", "asks": ["丁证"]},
        {"name": "丁证办理", "gives": "丁证", "asks": ["丙证"]},
    )
    cut = smallest_cut(graph)
    assert len(cut.demands) == 1
    assert cut.proven


@pytest.mark.parametrize("seed", range(25))
def test_on_chance_catalogues_with_alternatives_the_cut_is_the_smallest(seed: int) -> None:
    chance = random.Random(seed)
    size = 6

    def cell(item: int) -> str:
        papers = chance.sample([f"号{to}证" for to in range(size) if to != item], chance.choice((1, 2, 2, 3)))
        return "、".join(papers) if chance.random() < 0.2 else "或".join(papers)

    asks = [[cell(each) for _ in range(chance.choice((0, 1, 1, 2)))] for each in range(size)]
    graph = graph_of(*({"name": f"第{n}件", "gives": f"号{n}证", "asks": asks[n]} for n in range(size)))
    demands = sorted(set(graph.rows.tolist()))
    least = next(
        count
        for count in range(len(demands) + 1)
        if any(not least_fixpoint(without(graph, gone)).stuck.any() for gone in itertools.combinations(demands, count))
    )
    cut = smallest_cut(graph)
    assert (len(cut.demands), cut.proven) == (least, True)


def test_errands_take_the_paper_that_can_be_had() -> None:
    lease = {"name": "租赁合同备案", "organ": "住建局", "gives": "租赁合同"}
    graph = graph_of(VILLAGE_BY_EITHER, {**REGISTER, "asks": ["居住证明"]}, lease)
    assert errands(graph, 0).rounds == ((2,),)
    assert errands(graph_of(VILLAGE_BY_EITHER, {**REGISTER, "asks": ["居住证明"]}), 0).rounds == ()


def test_of_several_givers_the_one_named_is_asked() -> None:
    graph = graph_of(
        {"name": "落户", "organ": "派出所", "gives": "落户回执", "asks": ["社区出具的居住证明"]},
        {"name": "居住证明打印", "organ": "城关派出所", "gives": "居住证明"},
        {"name": "居住证明开具", "organ": "东门社区居委会", "gives": "居住证明"},
    )
    assert graph.gives.tolist() == [2]
