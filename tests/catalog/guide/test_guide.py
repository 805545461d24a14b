"""The guide document: one declaration, many readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.factories import guide

from banshi.catalog.enums import Audience, Necessity, TimeUnit
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.differences import differences, word_parts
from banshi.catalog.guide.document import SECTIONS, Guide, Material, Step, TimeLimit
from banshi.catalog.guide.elements import Need, element_named, elements
from banshi.catalog.guide.plain_language import bring, fee_words, limit_words, visits_words
from banshi.catalog.guide.text import element_text


def test_every_element_has_a_label_and_stands_in_a_section() -> None:
    for each in elements(Guide):
        assert each.label != each.name
        assert each.section in SECTIONS


def test_no_two_elements_claim_one_column_name() -> None:
    names = [name for each in elements(Guide) for name in (each.label, *each.aliases)]
    assert sorted(set(names)) == sorted(names)


def test_the_elements_of_the_first_work_plan_are_there() -> None:
    for words in (
        "服务对象",
        "受理条件",
        "申请材料",
        "收费依据及标准",
        "纳入政府购买服务",
        "承诺时限",
        "承办机构",
        "咨询方式",
        "是否在线办理",
    ):
        assert words in {each.label for each in elements(Guide)}


def test_kinds_come_from_the_types() -> None:
    kinds = {
        name: element_named(Guide, name).kind
        for name in ("name", "summary", "charged", "visits", "level", "audience", "aliases", "materials", "consult")
    }
    assert list(kinds.values()) == ["line", "text", "yes_no", "number", "choice", "choices", "lines", "rows", "part"]


def test_an_unknown_element_is_refused() -> None:
    with pytest.raises(ValidationError):
        Guide.model_validate({"nmae": "x"})


def test_a_guide_survives_storage() -> None:
    written = guide()
    assert Guide.model_validate(written.model_dump(mode="json", exclude_defaults=True)) == written


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (TimeLimit(value=3), "3个工作日内"),
        (TimeLimit(value=15, unit=TimeUnit.DAY), "15天内"),
        (TimeLimit(value=2, unit=TimeUnit.MONTH), "2个月内"),
        (TimeLimit(immediate=True), "当场办结"),
        (TimeLimit(value=0), "当场办结"),
        (TimeLimit(text="法律法规未规定时限"), "法律法规未规定时限"),
        (TimeLimit(), ""),
    ],
)
def test_limits_are_said_in_words(limit: TimeLimit, words: str) -> None:
    assert limit_words(limit) == words


def test_what_is_not_known_is_not_said() -> None:
    assert (fee_words(Guide()), visits_words(Guide())) == ("", "")


def test_what_must_be_brought_stands_first_and_what_is_shared_last() -> None:
    materials = [
        Material(name="房产证", shared=True, shared_from="自然资源局"),
        Material(name="收入证明", commitment_ok=True),
        Material(name="身份证"),
        Material(name="照片", necessity=Necessity.LATER),
    ]
    lines = bring(guide(materials=materials))
    assert [(each.material.name, each.label) for each in lines] == [
        ("身份证", "必带"),
        ("收入证明", "可承诺"),
        ("照片", "可后补"),
        ("房产证", "免交"),
    ]
    assert "自然资源局" in lines[-1].why


def test_a_full_guide_lacks_nothing_it_must_have() -> None:
    assert completeness(guide()).missing == []


def test_an_empty_guide_lacks_each_thing_it_must_have_and_says_where() -> None:
    missing = completeness(Guide()).missing
    assert {each.path for each in missing} == {each.name for each in elements(Guide) if each.need is Need.MUST}
    assert completeness(Guide()).percent == 0


def test_a_guide_without_materials_may_say_so() -> None:
    assert completeness(guide(materials=[], no_materials=True)).missing == []


def test_a_row_without_its_name_is_a_lack_of_that_row() -> None:
    lacks = completeness(guide(materials=[Material(name="身份证"), Material(copies=2)])).missing
    assert [(each.path, each.message) for each in lacks] == [("materials.1.name", "请填写第2行“材料名称”")]


def test_a_changed_limit_is_shown_with_what_went_and_what_came() -> None:
    old = guide("入学")
    new = old.model_copy(update={"promised_limit": TimeLimit(value=3)})
    [found] = differences(old, new)
    assert (found.label, found.old_text, found.new_text) == ("承诺时限", "5个工作日内", "3个工作日内")
    assert found.parts == (("-", "5个工作日内"), ("+", "3个工作日内"))


def test_a_new_and_a_gone_material_are_told_apart_from_a_changed_one() -> None:
    old = guide("入学", materials=[Material(name="户口簿"), Material(name="照片", copies=2)])
    new = old.model_copy(update={"materials": [Material(name="照片", copies=1), Material(name="居住证")]})
    found = {each.old_text[:2] + ">" + each.new_text[:2] for each in differences(old, new)}
    assert found == {"照片>照片", ">居住", "户口>"}


def test_moved_rows_are_one_difference() -> None:
    old = guide("入学", steps=[Step(name="受理"), Step(name="审核")])
    new = old.model_copy(update={"steps": [Step(name="审核"), Step(name="受理")]})
    assert [each.label for each in differences(old, new)] == ["服务流程（顺序）"]


def test_nothing_differs_from_itself() -> None:
    assert differences(guide("入学"), guide("入学")) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_word_parts_give_back_both_texts(old: str, new: str) -> None:
    parts = word_parts(old, new)
    assert "".join(text for sign, text in parts if sign != "+") == old
    assert "".join(text for sign, text in parts if sign != "-") == new


def test_texts_of_choices_and_rows_are_the_words_people_read() -> None:
    written = guide(audience=[Audience.PERSON, Audience.COMPANY])
    assert element_text(written, element_named(Guide, "audience")) == "自然人、企业法人"
    assert element_text(written, element_named(Guide, "materials")).splitlines()[0].startswith("1. 居民户口簿")
