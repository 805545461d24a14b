"""What is typed into the guide's form is saved as far as it can be read, and comes back as it was typed."""

import json

from django.http import QueryDict
from tests.sites.workbench.guides import FULL, posted

from banshi.catalog.guide.document import Guide
from banshi.sites.workbench.editor.controls import sections
from banshi.sites.workbench.editor.form_data import (
    FormData,
    FormRow,
    blank,
    from_document,
    from_form,
    rearrange,
    to_guide,
)


def form_of(guide: Guide, **changed: str | list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in {**posted(from_document(guide)), **changed}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def test_a_guide_shown_and_submitted_unchanged_is_the_same_guide() -> None:
    guide, problems = to_guide(from_form(form_of(FULL)))
    assert problems == {}
    assert guide == FULL


def test_the_form_shows_every_declared_element_once() -> None:
    shown = [control.element.name for section in sections(blank(Guide), {}) for control in section.controls]
    assert sorted(shown) == sorted(Guide.model_fields)


def test_a_word_where_a_number_belongs_is_told_at_its_field_and_the_rest_is_kept() -> None:
    typed = from_form(form_of(FULL, **{"promised_limit.value": "三天", "summary": "新的说明"}))
    guide, problems = to_guide(typed)
    assert list(problems) == ["promised_limit.value"]
    assert "三天" in problems["promised_limit.value"]
    assert guide.promised_limit.value is None
    assert guide.summary == "新的说明"
    assert typed["promised_limit"]["value"] == "三天"


def test_full_width_digits_are_digits() -> None:
    guide, problems = to_guide(from_form(form_of(FULL, visits=" 2 ")))
    assert (guide.visits, problems) == (2, {})


def test_a_number_out_of_bounds_says_the_bound() -> None:
    guide, problems = to_guide(from_form(form_of(FULL, visits="99")))
    assert (guide.visits, problems) == (None, {"visits": "不能大于20"})


def test_a_text_too_long_is_kept_up_to_its_limit() -> None:
    guide, problems = to_guide(from_form(form_of(FULL, undertaker="科" * 301)))
    assert guide.undertaker == "科" * 300
    assert "最多300字，现有301字" in problems["undertaker"]


def test_a_choice_that_does_not_exist_is_refused_at_its_row() -> None:
    typed = from_form(form_of(FULL, **{"materials.r1.type": "99", "audience": ["1", "x"]}))
    guide, problems = to_guide(typed)
    assert set(problems) == {"materials.r1.type", "audience"}
    assert guide.materials[1].name == FULL.materials[1].name


def test_rows_follow_the_order_of_the_page_not_of_their_tokens() -> None:
    guide, _ = to_guide(from_form(form_of(FULL, **{"materials.-rows": ["r1", "r0"]})))
    assert [each.name for each in guide.materials] == [each.name for each in reversed(FULL.materials)]


def test_more_rows_than_allowed_are_told_and_none_of_the_allowed_is_lost() -> None:
    typed = blank(Guide)
    typed["faqs"] = [FormRow(f"n{n}", {"question": f"问{n}", "answer": "答"}) for n in range(501)]
    guide, problems = to_guide(typed)
    assert len(guide.faqs) == 500
    assert "最多500项，现有501项" in problems["faqs"]


def test_rows_left_empty_are_no_rows() -> None:
    typed = blank(Guide)
    rearrange(typed, "add:materials")
    guide, _ = to_guide(typed)
    assert guide.materials == []


def test_yes_no_and_unanswered_are_three_answers() -> None:
    answers = [to_guide(from_form(form_of(Guide(), charged=each)))[0].charged for each in ("1", "0", "")]
    assert answers == [True, False, None]


def names(typed: FormData) -> list[str]:
    return [row.values["name"] for row in typed["materials"]]


def test_rows_move_add_and_go_without_scripts() -> None:
    typed = from_document(FULL)
    first, second = names(typed)
    assert rearrange(typed, "down:materials:r0") == "materials.r0"
    assert names(typed) == [second, first]
    rearrange(typed, "down:materials:r0")
    assert names(typed) == [second, first], "the last stays last"
    rearrange(typed, "up:materials:r0")
    assert names(typed) == [first, second]
    added = rearrange(typed, "add:materials")
    assert names(typed) == [first, second, ""]
    rearrange(typed, f"remove:{added.replace('.', ':')}")
    rearrange(typed, "remove:materials:r0")
    assert names(typed) == [second]


def test_an_act_on_a_row_that_is_gone_changes_nothing() -> None:
    typed = from_document(FULL)
    for act in ("remove:materials:r77", "add:nothing", "up", "fly:materials:r0"):
        rearrange(typed, act)
    assert to_guide(typed)[0] == FULL


def test_null_signs_and_windows_line_ends_do_not_reach_the_draft() -> None:
    guide, _ = to_guide(from_form(form_of(FULL, notes="一\r\n二\x00")))
    assert json.dumps(guide.notes) == json.dumps("一\n二")
