"""A circle drawn."""

from xml.etree import ElementTree

import pytest
from tests.analysis.proofs.test_cycles import POLICE, REGISTER, VILLAGE, VILLAGE_BY_EITHER, graph_of

from banshi.analysis.proofs.cycles import circles, detours, sentence
from banshi.analysis.proofs.pictures import circle_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_each_stop_and_each_paper_is_drawn_and_the_whole_is_told() -> None:
    graph = graph_of(POLICE, VILLAGE, REGISTER)
    [circle] = circles(graph)
    drawn = ElementTree.fromstring(circle_svg(graph, circle))
    texts = [each.text or "" for each in drawn.iter(f"{SVG}text")]
    assert {"派出所", "居委会"} <= set(texts)
    assert sum(text.startswith("要“") for text in texts) == 3
    assert drawn.findtext(f"{SVG}desc") == sentence(graph, circle)


def test_names_with_markup_stay_text() -> None:
    graph = graph_of(POLICE, VILLAGE, {**REGISTER, "organ": "<script>alert(1)</script>"})
    [circle] = circles(graph)
    drawn = circle_svg(graph, circle)
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


def test_nothing_needs_an_inline_style_or_a_script() -> None:
    graph = graph_of(POLICE, VILLAGE, REGISTER)
    drawn = circle_svg(graph, next(circles(graph)))
    assert "style=" not in drawn
    assert "onload" not in drawn


def test_the_picture_is_as_high_as_what_is_drawn() -> None:
    graph = graph_of(POLICE, VILLAGE, REGISTER)
    drawn = ElementTree.fromstring(circle_svg(graph, next(circles(graph))))
    _, top, _, height = map(float, drawn.attrib["viewBox"].split())
    boxes = [each for each in drawn.iter(f"{SVG}rect") if each.get("fill") == "#FFFFFF"]
    tops = [float(each.attrib["y"]) for each in boxes]
    assert min(tops) - top == pytest.approx(30, abs=1)
    assert top + height - max(tops) - 58 == pytest.approx(30, abs=1)


def test_a_detour_shows_both_papers_and_the_way_out() -> None:
    graph = graph_of(POLICE, VILLAGE_BY_EITHER, REGISTER)
    [detour] = detours(graph)
    drawn = ElementTree.fromstring(circle_svg(graph, detour))
    texts = [each.text or "" for each in drawn.iter(f"{SVG}text")]
    assert "要“居民户口簿”或“租赁合同”" in texts
    assert "出路：交“租赁合同”" in texts
    assert (drawn.findtext(f"{SVG}title") or "").startswith("有出路的绕路")
