"""What is said of a wrong answer, on pages and by the API alike."""

from datetime import date
from typing import Any

import pytest
from django.utils.datastructures import MultiValueDict

from banshi.forms import (
    Comparison,
    FieldKind,
    FormField,
    ShownWhen,
    age_problems,
    condition_sentence,
    faults,
    party_of,
    problems,
    read_answers,
    visible,
    with_standard_parts,
    without_hidden,
)

MARRIED = FormField("married", "婚姻状况", FieldKind.CHOICE, choices=("未婚", "已婚", "离异"))
SPOUSE = FormField("spouse", "配偶姓名", when=ShownWhen("married", values=("已婚",)))
SCHOOL = FormField("school", "配偶单位", when=ShownWhen("spouse", Comparison.ANSWERED))
ROOMS = FormField("rooms", "几间房", FieldKind.NUMBER, minimum=1, maximum=9)
CARD = "530102199003071211"


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        (FieldKind.TEXT, None, "请填写“它”"),
        (FieldKind.CHOICE, None, "请选择“它”"),
        (FieldKind.CHOICE, "丁", "“它”请从给出的选项里选"),
        (FieldKind.TEXT, "字" * 301, "“它”最多写300字，现在有301字，请写短一些"),
        (FieldKind.ID_NUMBER, CARD[:-1], "身份证号有18位，这里是17位，请对照证件再看一遍"),
        (FieldKind.ID_NUMBER, CARD[:-1] + "2", "身份证号好像有一位写错了，请对照证件，一位一位再看一遍"),
        (FieldKind.ID_NUMBER, "A" * 18, "身份证号前17位是数字，最后一位是数字或字母X，请对照证件改一下"),
        (FieldKind.PHONE, "1380013800", "手机号有11位，这里是10位，请再看一遍"),
        (FieldKind.NUMBER, "三", "“它”请只写数字，如 3"),
        (FieldKind.NUMBER, 10, "“它”不能大于9"),
        (FieldKind.MONEY, "12.345", "“它”请只写数字，最多两位小数，如 1200.50"),
        (FieldKind.DATE, "2026-02-30", "“它”请写日历上有的日期，如 2026-11-28"),
        (FieldKind.EMAIL, "mother@", "电子邮箱不完整，请写成 name@example.com 这样"),
    ],
)
def test_a_wrong_answer_is_told_in_plain_words(kind: FieldKind, answer: Any, said: str) -> None:
    field = FormField("it", "它", kind, choices=("甲", "乙"), maximum=9 if kind is FieldKind.NUMBER else None)
    [found] = problems((field,), {} if answer is None else {"it": answer})
    assert (found.field, found.message) == ("it", said)


def test_a_pattern_is_explained_by_its_example() -> None:
    field = FormField("plate", "车牌", pattern="[A-Z]\\d{3}", example="A123")
    assert problems((field,), {"plate": "A123"}) == []
    assert problems((field,), {"plate": "A１23"})[0].message == "“车牌”的写法不对，请照“A123”这样写"


def test_a_field_on_a_hidden_field_is_hidden_too() -> None:
    form = (MARRIED, SPOUSE, SCHOOL)
    answers = {"married": "离异", "spouse": "张三", "school": "学校"}
    assert visible(form, answers) == [MARRIED]
    assert without_hidden(form, answers) == {"married": "离异"}
    assert visible(form, answers | {"married": "已婚"}) == [*form]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (ShownWhen("married", values=("已婚", "离异")), "“婚姻状况”答“已婚”或“离异”时才填"),
        (ShownWhen("married", Comparison.IS_NOT, ("未婚",)), "“婚姻状况”答了“未婚”以外的，才填"),
        (ShownWhen("rooms", Comparison.AT_LEAST, ("2",)), "“几间房”不小于2时才填"),
        (ShownWhen("rooms", Comparison.ANSWERED), "填写了“几间房”才填"),
        (None, ""),
    ],
)
def test_each_condition_is_one_sentence(when: ShownWhen | None, said: str) -> None:
    field = FormField("more", "更多", when=when)
    assert condition_sentence(field, (MARRIED, ROOMS, field)) == said


@pytest.mark.parametrize(
    ("fields", "place", "said"),
    [
        ((MARRIED, MARRIED), "1.key", "字段名“married”和第1题重复，请改一个"),
        ((FormField("婚姻", "婚姻"),), "0.key", "字段名“婚姻”要以小写字母开头，只用小写字母、数字和下划线，最多40个"),
        ((SPOUSE, MARRIED), "0.when.field", "“配偶姓名”要看“婚姻状况”才显示，可那一题排在后面，请把它移到前面"),
        ((SPOUSE,), "0.when.field", "“配偶姓名”要看“married”才显示，但没有这一题，请写前面一题的题目或字段名"),
        ((FormField("a", "甲", when=ShownWhen("a")),), "0.when.field", "“甲”不能看它自己，请改成前面的一题"),
        (
            (MARRIED, FormField("a", "甲", when=ShownWhen("married", values=("丧偶",)))),
            "1.when.values",
            "“婚姻状况”没有“丧偶”这个选项，只有未婚、已婚、离异",
        ),
        (
            (MARRIED, FormField("a", "甲", when=ShownWhen("married", Comparison.AT_LEAST, ("1",)))),
            "1.when.values",
            "“婚姻状况”不是数字，不能比大小",
        ),
        ((FormField("a", "甲", FieldKind.CHOICE, choices=("一",)),), "0.choices", "“甲”是单选，请至少写两个选项，每行一个"),
        ((FormField("a", "甲", pattern=r"(?=x)\w+"),), "0.pattern", "“甲”的格式读不懂，请只用字符、[ ]、( )、|、?、*、+ 和 {n}，或者不写格式"),
        ((FormField("a", "甲", pattern="[A-Z]", example="1"),), "0.example", "“甲”的示例“1”自己就不合格式，请改一个"),
        ((FormField("a", "甲", FieldKind.NUMBER, minimum=3, maximum=2),), "0.minimum", "“甲”的最小值大于最大值，没有数能填，请改一下"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_work_is_told_where_and_why(fields: tuple[FormField, ...], place: str, said: str) -> None:
    assert [(each.field, each.message) for each in faults(fields)] == [(place, said)]


def test_what_is_typed_as_people_write_is_read() -> None:
    kinds = {
        "n": FieldKind.NUMBER,
        "m": FieldKind.MONEY,
        "d": FieldKind.DATE,
        "i": FieldKind.ID_NUMBER,
        "p": FieldKind.PHONE,
        "y": FieldKind.YES_NO,
        "c": FieldKind.CHOICES,
        "t": FieldKind.TEXT,
    }
    typed = {
        "n": ["１２"],
        "m": ["1,200元"],
        "d": ["2026年1月5日"],
        "i": ["53010219900307121x"],
        "p": ["+86 138 0013 8000"],
    }
    typed |= {"y": ["否"], "c": ["甲", "乙"], "t": ["  "]}
    fields = [FormField(key, key, kind) for key, kind in kinds.items()]
    assert read_answers(fields, MultiValueDict(typed)) == {
        "n": 12,
        "m": "1200",
        "d": "2026-01-05",
        "i": "53010219900307121X",
        "p": "13800138000",
        "y": False,
        "c": ["甲", "乙"],
    }


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    fields = [FormField("n", "数", FieldKind.NUMBER), FormField("d", "日", FieldKind.DATE)]
    assert read_answers(fields, MultiValueDict({"n": ["三间"], "d": ["明天"]})) == {"n": "三间", "d": "明天"}


def test_a_form_asks_first_who_applies_and_last_how_the_result_is_collected() -> None:
    form = with_standard_parts([MARRIED], companies=True, delivery_ways=["窗口领取", "邮寄送达"])
    assert faults(form) == []
    assert [each.key for each in visible(form, {})] == [
        "applying_as",
        "statement",
        "phone",
        "email",
        "married",
        "delivery_way",
    ]
    for way, keys in {
        "为自己办": ["applicant_name", "applicant_number"],
        "为我的未成年孩子办": ["child_name", "child_number", "agent_name", "agent_number"],
        "为单位办": ["company_name", "company_code", "agent_name", "agent_number"],
    }.items():
        shown = [each.key for each in visible(form, {"applying_as": way})]
        assert shown[1 : 1 + len(keys)] == keys
    assert "delivery_address" in {each.key for each in visible(form, {"delivery_way": "邮寄送达"})}


def test_an_item_for_companies_alone_asks_nothing_of_persons() -> None:
    keys = [each.key for each in with_standard_parts([], persons=False, companies=True)]
    assert keys == ["company_name", "company_code", "agent_name", "agent_number", "statement", "phone", "email"]


def test_the_party_is_whom_it_is_for() -> None:
    assert party_of({"applying_as": "为我的未成年孩子办", "child_name": "小明", "child_number": "1"}) == ("小明", "1")
    assert party_of({"company_name": "示例公司", "company_code": "9"}) == ("示例公司", "9")


def test_who_is_too_young_is_told_who_may_apply() -> None:
    form = with_standard_parts([])
    [found] = age_problems(form, {"applicant_number": CARD}, on=date(2006, 3, 6))
    assert found.message == "证件上的年龄是15岁，还不能自己办这件事" and "为我的未成年孩子办" in found.remedy
    assert age_problems(form, {"applicant_number": CARD}, on=date(2006, 3, 7)) == []
    assert [each.field for each in age_problems(form, {"child_number": CARD}, on=date(2008, 3, 7))] == ["child_number"]
