"""One item across places."""

from tests.analysis.duplicates.catalogue import items, named

from banshi.analysis.duplicates.unity import Places, words

OURS = {"name": "居住证办理", "days": 15.0, "materials": 6, "visits": 1}
NEXT = {"name": "居住证申领", "division": "990103", "organ": "东县公安局", "days": 3.0, "materials": 2, "visits": 1}
FAR = {"name": "居住证申领", "division": "880101", "organ": "远县公安局", "days": 1.0, "materials": 1, "visits": 0}


def test_the_sentence_compares_with_the_neighbour() -> None:
    places = Places(items(OURS, NEXT, FAR))
    [unity] = places.united()
    assert places.sentences(unity, 0) == [
        "同一事项，邻县（东县公安局，叫“居住证申领”）3个工作日、2份材料，本县15个工作日、6份材料。"
    ]


def test_the_group_tells_names_and_spreads() -> None:
    [unity] = Places(items(OURS, NEXT, FAR)).united()
    assert unity.names == (("居住证申领", 2), ("居住证办理", 1))
    assert {each.measure: (each.least, each.most, each.least_row) for each in unity.spreads} == {
        "days": (1.0, 15.0, 2),
        "materials": (1.0, 6.0, 2),
        "visits": (0.0, 1.0, 2),
    }


def test_what_is_not_known_is_not_compared() -> None:
    places = Places(items({**OURS, "days": None}, NEXT))
    [unity] = places.united()
    [sentence] = places.sentences(unity, 0)
    assert "工作日" not in sentence


def test_another_level_is_named() -> None:
    places = Places(items(OURS, {**NEXT, "division": "9901", "level": "3", "name": "居住证办理"}))
    [unity] = places.united()
    [sentence] = places.sentences(unity, 0)
    assert sentence.startswith("同一事项，市级（东县公安局）3个工作日")


def test_a_county_far_away_is_not_called_a_neighbour() -> None:
    places = Places(items(OURS, FAR))
    [unity] = places.united()
    assert places.sentences(unity, 0)[0].startswith("同一事项，外地县级（远县公安局，叫")


def test_only_another_name_is_told_too() -> None:
    places = Places(items({**OURS, "days": 3.0, "materials": 2}, NEXT))
    [unity] = places.united()
    assert places.sentences(unity, 0) == ["同一事项，邻县（东县公安局，叫“居住证申领”），本县叫“居住证办理”。"]


def test_twice_in_one_place_or_everywhere_alike_is_not_told() -> None:
    assert list(Places(named("居住证办理", "居住证申领")).united()) == []
    assert list(Places(items(NEXT, {**NEXT, "division": "990104"})).united()) == []


def test_nought_is_said_in_words() -> None:
    assert [words(each, 0) for each in ("days", "materials", "visits", "fee_items")] == [
        "当场办结",
        "不要材料",
        "不用跑",
        "不收费",
    ]


def test_filing_here_and_approval_there_are_not_compared() -> None:
    table = items({"name": "小餐饮备案", "days": 1.0}, {"name": "小餐饮核准", "days": 20.0, "division": "990103"})
    assert list(Places(table).united()) == []
