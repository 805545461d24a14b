"""Same, near or different: on real names, on hostile ones, and over many items."""

import csv
import json
from hashlib import sha256

import openpyxl
import pyarrow as pa
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.analysis.duplicates.catalogue import items, named
from tests.work import lines_run, no_hang

from banshi.analysis.duplicates.names import LONGEST, clean
from banshi.analysis.duplicates.pairs import Likeness, duplicates, same

PIECES = st.sampled_from(
    [
        "身份证",
        "残疾人证",
        "补领",
        "换领",
        "注销",
        "登记",
        "（",
        "）",
        "个人",
        "城乡居民",
        "、",
        "的",
        "对",
        "十",
        "岁",
        "的",
        "\ud800",
        "🙂",
        "ß",
        "ﬃ",
    ]
)
NAMES = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=60)


def labelled() -> list[dict[str, str]]:
    with (settings.DATA / "rulebook" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REVIEWED = [
    ("会计专业技术人员继续教育信息登记", "会计专业技术人员继续教育办理"),
    ("对食品生产经营者自建网站交易备案进行发放", "对食品生产经营者自建网站交易进行备案"),
]
"""Found in the real list and judged the same afterwards."""


def real_names() -> set[str]:
    sheet = openpyxl.load_workbook(settings.DATA / "samples" / "catalogue-guangan.xlsx", read_only=True).active
    rows = list(sheet.iter_rows(values_only=True))[4:]
    listed = {str(row[1]).strip() for row in rows if row[1]}
    records = json.loads((settings.DATA / "samples" / "items.json").read_text(encoding="utf-8"))
    return listed | {row["name"] for row in records}


def held_out(row: dict[str, str]) -> bool:
    """Half of the pairs, by their digest: not looked at while the word lists were tuned."""
    return bool(sha256("|".join(sorted((row["one"], row["other"]))).encode()).digest()[0] % 2)


def precision(called: list[tuple[bool, Likeness]], likeness: Likeness) -> float:
    truths = [truth for truth, said in called if said is likeness]
    return sum(truths) / len(truths)


def test_the_labels_are_many_and_of_both_kinds() -> None:
    rows = labelled()
    assert len(rows) >= 320
    assert {row["label"] for row in rows} == {"same", "different"}
    assert all(row["reason"] for row in rows)
    assert len({frozenset((row["one"], row["other"])) for row in rows}) == len(rows)


@pytest.mark.parametrize("half", [False, True], ids=["tuning", "held out"])
def test_labelled_pairs_are_told_apart(half: bool) -> None:
    rows = [row for row in labelled() if held_out(row) is half]
    called = [(row["label"] == "same", same(row["one"], row["other"]).likeness) for row in rows]
    assert precision(called, Likeness.SAME) >= 0.98
    assert precision(called, Likeness.NEAR) >= 0.8
    found = [said in (Likeness.SAME, Likeness.NEAR) for truth, said in called if truth]
    assert sum(found) / len(found) >= 0.95


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("居民身份证补领", "居民身份证换领"),
        ("个体工商户设立登记", "个体工商户注销登记"),
        ("社会保障卡申领", "社会保障卡补领"),
        ("失业登记", "就业登记"),
        ("门诊费用报销", "住院费用报销"),
        ("结婚登记", "结婚登记预约"),
    ],
)
def test_one_act_or_object_that_differs_makes_another_item(one: str, other: str) -> None:
    assert same(one, other).likeness is Likeness.DIFFERENT


def test_the_same_under_another_name_says_why() -> None:
    verdict = same("城乡居民养老保险参保登记", "城乡居民基本养老保险参保登记")
    assert verdict.likeness is Likeness.SAME
    assert "城乡居民养老保险参保" in verdict.reason


def test_a_part_of_an_item_is_near_it() -> None:
    verdict = same("教师资格证书补发、换发", "教师资格证书补发")
    assert (verdict.likeness, verdict.reason[:4]) == (Likeness.PART, "范围不同")


def test_the_same_object_by_another_kind_of_business_is_for_a_person_to_judge() -> None:
    assert same("小餐饮备案", "小餐饮核准").likeness is Likeness.NEAR


def test_acts_of_one_meaning_are_both_named() -> None:
    assert same("身份证", "身份证登记").reason == "对象都是“身份证”，“办理”、“登记”在这里是一回事"


@hypothesis_settings(deadline=None)
@given(NAMES, NAMES)
def test_sameness_is_symmetric_and_reflexive(one: str, other: str) -> None:
    assert same(one, other) == same(other, one)
    assert same(one, one).likeness is Likeness.SAME


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "🙂" * 400_000,
        "（" * 300_000,
        "十" * 400_000,
        "补领换领" * 300_000,
        "ABC身份證ひらがな",
        "\x00\x01",
        "（）（）",
    ],
    ids=lambda name: f"{name[:2]!r}×{len(name)}",
)
def test_of_hostile_names_no_more_is_read_than_a_name_may_have(name: str) -> None:
    assert len(clean(name)) <= LONGEST + 16
    with no_hang():
        assert same(name, "居民身份证补领").likeness is Likeness.DIFFERENT
        assert same(name, name).likeness is Likeness.SAME


def test_two_of_one_place_are_duplicates() -> None:
    [found] = duplicates(named("居住证办理", "残疾人证换领", "居住证申领"))
    assert (found.rows, found.verdict.likeness) == ((0, 2), Likeness.SAME)


def test_the_same_name_twice_is_a_duplicate() -> None:
    [found] = duplicates(named("求职创业补贴申领", "求职创业补贴申领"))
    assert found.verdict.reason == "名称相同"


def test_another_place_or_level_is_no_duplicate() -> None:
    table = items(
        {"name": "居住证办理"}, {"name": "居住证申领", "division": "990103"}, {"name": "居住证申领", "level": "5"}
    )
    assert list(duplicates(table)) == []


def test_what_looks_alike_is_near() -> None:
    [found] = duplicates(named("独生子女父母奖励金", "独生子女父母奖励扶助金发放", "结婚登记"))
    assert (found.rows, found.verdict.likeness) == ((0, 1), Likeness.NEAR)


def test_likeness_by_letters_alone_is_no_question() -> None:
    assert list(duplicates(named("就业重点群体培训生活费补贴申请", "就业重点群体生活费补贴申请"))) == []


def test_filing_and_approval_of_one_thing_are_not_put_together() -> None:
    found = list(duplicates(named("小餐饮备案", "小餐饮核准", "小餐饮的备案")))
    assert [each.rows for each in found if each.verdict.likeness is Likeness.SAME] == [(0, 2)]


def test_a_catalogue_without_items_has_no_duplicates() -> None:
    assert list(duplicates(items())) == []


def test_items_without_a_name_are_not_duplicates_of_each_other() -> None:
    table = pa.Table.from_pylist([{"item_id": 1}, {"item_id": 2}], items().schema)
    assert list(duplicates(table)) == []


def test_in_the_whole_real_list_what_is_called_same_was_judged_the_same_by_people() -> None:
    judged = {frozenset((row["one"], row["other"])) for row in labelled() if row["label"] == "same"}
    judged |= {frozenset(each) for each in REVIEWED}
    names = sorted(real_names())
    found = [each for each in duplicates(named(*names)) if each.verdict.likeness is Likeness.SAME]
    assert len(names) > 600
    assert len(found) >= 15
    for each in found:
        assert frozenset(names[row] for row in each.rows) in judged, [names[row] for row in each.rows]


def test_work_grows_no_faster_than_the_items() -> None:
    def work(places: int) -> int:
        names = [f"{thing}{act}" for thing in ("身份证", "残疾人证", "社会保障卡") for act in ("补领", "换领", "注销")]
        table = items(*({"name": name, "division": f"{place:06}"} for place in range(places) for name in names))
        return lines_run(lambda: found.extend(duplicates(table)))

    found: list[object] = []
    work(10)
    assert work(1_000) < 10.5 * work(100)
    assert found == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第12中学入学", "第21中学入学"),
        ("60周岁以上老年人补贴", "65周岁以上老年人补贴"),
        ("道路客运经营许可", "道路货运经营许可"),
        ("男职工退休", "女职工退休"),
        ("事项13办理", "事项31办理"),
        ("城镇居民医疗保险登记", "城乡居民医疗保险登记"),
    ],
)
def test_numbers_and_words_that_exclude_one_another_are_never_one_item(one: str, other: str) -> None:
    assert same(one, other).likeness is Likeness.DIFFERENT
