"""What one cell says, as departments write it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banshi.catalog.enums import Audience, CopyKind, HandleForm, Level, StepKind, TimeUnit
from banshi.spreadsheets.cell_parsers import read_text, read_texts
from banshi.spreadsheets.cell_parsers.parsed import ParsedText
from banshi.spreadsheets.fields import fields


def read(target: str, text: str, hint: str = "") -> ParsedText:
    return read_text(text, fields()[target], hint)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("20个工作日", 20, TimeUnit.WORKING_DAY),
        ("20个工作日内", 20, TimeUnit.WORKING_DAY),
        ("二十个工作日", 20, TimeUnit.WORKING_DAY),
        ("十五日", 15, TimeUnit.DAY),
        ("7天", 7, TimeUnit.DAY),
        ("3个月", 3, TimeUnit.MONTH),
        ("自受理之日起20个工作日内", 20, TimeUnit.WORKING_DAY),
        ("20\u3000个工作日", 20, TimeUnit.WORKING_DAY),
        ("\uff12\uff10个工作日", 20, TimeUnit.WORKING_DAY),
    ],
)
def test_limits(text: str, value: int, unit: str) -> None:
    limit = read("promised_limit", text).value
    assert (limit.value, limit.unit, limit.immediate) == (value, unit, False)


@pytest.mark.parametrize("text", ["即办", "当场办结", "即时办结", "0", "现场办理"])
def test_at_once(text: str) -> None:
    assert read("promised_limit", text).value.immediate


def test_a_bare_number_takes_the_headers_unit_and_is_asked_about_without() -> None:
    assert read("promised_limit", "15", "天").value.unit == TimeUnit.DAY
    assert read("promised_limit", "15", "天").remarks == ()
    assert read("promised_limit", "15").remarks[0].proposal == "15个工作日"


@pytest.mark.parametrize("text", ["无法定时限", "法律法规未规定", "按年度计划"])
def test_no_limit_is_kept_as_words(text: str) -> None:
    reading = read("statutory_limit", text)
    assert reading.value.text == text
    assert reading.remarks == ()


def test_an_unclear_limit_is_kept_and_asked_about() -> None:
    reading = read("promised_limit", "一般15日,复杂30日")
    assert reading.value.text == "一般15日,复杂30日"
    assert reading.remarks[0].severity == "doubt"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1.身份证\n2.户口簿", ["身份证", "户口簿"]),
        ("1、身份证 2、户口簿", ["身份证", "户口簿"]),
        ("\uff081\uff09身份证\uff1b\uff082\uff09户口簿", ["身份证", "户口簿"]),
        ("①身份证 ②户口簿", ["身份证", "户口簿"]),
        ("身份证\uff1b户口簿", ["身份证", "户口簿"]),
        ("身份证;户口簿", ["身份证", "户口簿"]),
        ("身份证、户口簿\uff08首页、本人页\uff09", ["身份证", "户口簿\uff08首页、本人页\uff09"]),
        ("身份证", ["身份证"]),
    ],
)
def test_materials_in_one_cell(text: str, names: list[str]) -> None:
    assert [each.name for each in read("materials", text).value] == names


def test_copies_are_read_off_materials() -> None:
    first, second, third = read("materials", "身份证原件1份\n户口簿\uff08复印件\uff09\n申请表一式两份").value
    assert (first.copy_kind, first.copies) == (CopyKind.ORIGINAL, 1)
    assert (second.name, second.copy_kind) == ("户口簿", CopyKind.COPY)
    assert third.copies == 2


@pytest.mark.parametrize("text", ["无", "无需提交材料", "不需要材料"])
def test_no_materials(text: str) -> None:
    assert read("materials", text).more == (("no_materials", True),)


@pytest.mark.parametrize("text", ["申请→受理→审核→送达", "1.申请\n2.受理\n3.审核\n4.送达", "申请-->受理-->审核-->送达"])
def test_steps_in_one_cell(text: str) -> None:
    steps = read("steps", text).value
    assert [each.kind for each in steps] == [StepKind.APPLY, StepKind.ACCEPT, StepKind.EXAMINE, StepKind.DELIVER]


def test_steps_with_limits_and_words() -> None:
    first, second = read("steps", "受理\uff081个工作日\uff09\n审核\uff1a由业务科审核").value
    assert first.limit.value == 1
    assert (second.name, second.note) == ("审核", "由业务科审核")


@pytest.mark.parametrize(
    ("target", "text", "value"),
    [
        ("audience", "个人、企业", [Audience.PERSON, Audience.COMPANY]),
        ("audience", "自然人和法人", [Audience.PERSON, Audience.COMPANY]),
        ("audience", "1自然人", [Audience.PERSON]),
        ("level", "县\uff08区\uff09级", Level.COUNTY),
        ("handle_forms", "窗口/网上", [HandleForm.WINDOW, HandleForm.ONLINE]),
        ("online", "√", True),
        ("online", "×", False),
        ("online", "是", True),
        ("visits", "最多跑一次", 1),
        ("visits", "0次", 0),
        ("aliases", "上学、报名", ["上学", "报名"]),
    ],
)
def test_choices_and_numbers(target: str, text: str, value: Any) -> None:
    reading = read(target, text)
    assert reading.value == value
    assert reading.remarks == ()


@pytest.mark.parametrize(
    ("target", "text"), [("online", "看情况"), ("visits", "若干"), ("level", "片区级"), ("faqs", "请咨询")]
)
def test_what_cannot_be_placed_is_kept_with_a_remark(target: str, text: str) -> None:
    reading = read(target, text)
    assert reading.kept == text
    assert reading.remarks


def test_a_choice_with_words_in_brackets_keeps_them() -> None:
    reading = read("handle_forms", "窗口、网上\uff08省平台\uff09")
    assert reading.value == [HandleForm.WINDOW, HandleForm.ONLINE]
    assert reading.kept


@pytest.mark.parametrize("text", ["不收费", "免费", "无", "否"])
def test_free(text: str) -> None:
    assert read("fees", text).more == (("charged", False),)


def test_fees() -> None:
    reading = read("fees", "工本费20元/证")
    assert (reading.value[0].name, reading.value[0].standard) == ("工本费", "20元/证")
    assert reading.more == (("charged", True),)


def test_several_bases_in_one_cell() -> None:
    text = "《甲法》第三条、第四条\uff1b《〈乙条例〉实施办法》(国务院令第1号(2020修订))"
    first, second = read("bases", text).value
    assert (first.title, first.articles) == ("甲法", "第三条、第四条")
    assert (second.title, second.doc_no) == ("〈乙条例〉实施办法", "国务院令第1号(2020修订)")


def test_questions_and_answers() -> None:
    first, second = read("faqs", "问\uff1a带什么?\n答\uff1a身份证。\n问\uff1a几天?\n答\uff1a三天。").value
    assert (first.question, second.answer) == ("带什么?", "三天。")


def test_a_line_too_long_is_kept_whole() -> None:
    reading = read("undertaker", "科" * 301)
    assert reading.value is None
    assert reading.kept == "科" * 301


def test_a_formula_stays_text_and_is_said() -> None:
    reading = read("name", "=cmd|'/c calc'!A0")
    assert reading.value == "=cmd|'/c calc'!A0"
    assert reading.remarks[0].code == "formula"


def test_script_stays_text_and_is_said() -> None:
    reading = read("name", "<script>alert(1)</script>登记")
    assert reading.value == "<script>alert(1)</script>登记"
    assert reading.remarks[0].code == "script"


@pytest.mark.parametrize(
    "text",
    [
        "受理（1、窗口）审核（2、业务科）",
        "受理(1.窗口)审核(2.业务科)",
        "受理（①窗口）审核（②业务科）",
        "1、受理（1、窗口）2、审核（2、业务科）",
        "受理（1、窗口）→审核（2、业务科）",
        "受理（窗口）审核（业务科）",
        "受理【1、窗口】审核【2、业务科】",
        "受理（1、窗口）、审核（2、业务科）。",
    ],
)
def test_numbers_within_brackets_cut_no_step(text: str) -> None:
    steps = read("steps", text).value
    assert [(each.name, each.actor, each.limit.value) for each in steps] == [
        ("受理", "窗口", None),
        ("审核", "业务科", None),
    ]


def test_a_bracket_tells_who_does_a_step_and_how_long_it_takes() -> None:
    steps = read("steps", "受理（1、窗口，1个工作日）审核（2、业务科、分管领导；3个工作日）").value
    assert [(each.actor, each.limit.value) for each in steps] == [("窗口", 1), ("业务科、分管领导", 3)]
    found = read("steps", "受理（1、窗口）审核（5、业务科）")
    assert [each.actor for each in found.value] == ["窗口", "业务科"]
    assert "看不出是序号还是时限" in str(found.remarks)
    assert [each.name for each in read("steps", "受理（网上办理）；审核").value] == ["受理（网上办理）", "审核"]


def test_numbers_within_brackets_cut_no_material_and_no_condition() -> None:
    names = [each.name for each in read("materials", "身份证明（1.身份证；2.户口簿）；照片").value]
    assert names == ["身份证明（1.身份证；2.户口簿）", "照片"]
    assert [each.name for each in read("materials", "（1）身份证（2）户口簿").value] == ["身份证", "户口簿"]
    conditions = [each.text for each in read("conditions", "有住所（1、自有；2、租住）；年满18周岁").value]
    assert conditions == ["有住所（1、自有；2、租住）", "年满18周岁"]


@given(
    texts=st.lists(
        st.sampled_from(["", "0", "同上", "同上，另加照片", "无", "不收费", "#REF!", "=A1", "5", "2元", "见附件"])
        | st.text(max_size=12)
    ),
    target=st.sampled_from([*fields()]),
)
def test_a_column_is_read_as_its_cells_are_one_by_one(texts: list[str], target: str) -> None:
    field = fields()[target]
    assert read_texts(texts, field) == [read_text(text, field) for text in texts]
    assert read_texts(texts, None) == [read_text(text, None) for text in texts]
