"""A choice among thousands is found by words of its name, without script, and a neighbour of it is not taken for it."""

import re
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from tests import factories as make

from banshi.catalog.models import Item
from banshi.exchange.models import Resource
from banshi.people.models import Division, Organ
from banshi.sites.kit import named_choice
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.named_choice import NamedChoiceField, OrganField

pytestmark = pytest.mark.django_db


class PassedOnForm(PageForm):
    to = OrganField(Organ.objects.filter(active=True), label="转给")


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[Organ]:
    """Four organs, more than are listed."""
    monkeypatch.setattr(named_choice, "LISTED", 3)
    here, there = make.division("990102", "示例县"), make.division("990203", "远方县")
    names = [("示例县卫生健康局", here), ("远方县卫生健康局", there), ("民政局", here), ("民政局", there)]
    return [make.organ(name, division=place) for name, place in names]


def posted(**given: Any) -> PassedOnForm:
    data = QueryDict(mutable=True)
    data.update({key.replace("_", "-"): str(value) for key, value in given.items()})
    return PassedOnForm(data)


def offered(form: PassedOnForm) -> list[str]:
    return re.findall(r"<option[^>]*>([^<]+)<", str(form["to"]))


def test_few_are_a_select_as_ever(many: list[Organ], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named_choice, "LISTED", 4)
    shown = str(PassedOnForm()["to"])
    assert shown.count("<option") == 5 and "<input" not in shown
    assert "民政局（示例县）" in shown and "民政局（远方县）" in shown
    assert posted(to=many[0].pk).is_valid()


def test_many_are_no_list_but_a_field_for_words(many: list[Organ]) -> None:
    shown = str(PassedOnForm()["to"])
    assert "<option" not in shown
    assert 'name="to-words"' in shown and 'id="id_to"' in shown, "its label leads to it"


def test_the_whole_name_is_taken(many: list[Organ]) -> None:
    form = posted(to_words=" 示例县卫生健康局 ")
    assert form.is_valid() and form.cleaned_data["to"] == many[0]


def test_words_of_several_offer_them_and_a_choice_is_taken(many: list[Organ]) -> None:
    form = posted(to_words="卫生")
    assert form.errors["to"] == ["名称里有“卫生”的有2个，请选一个"]
    assert offered(form) == ["请选择", "示例县卫生健康局", "远方县卫生健康局"]
    assert 'value="卫生"' not in str(form["to"]), "the field is free for other words"
    form = posted(to=many[1].pk, to_words="")
    assert form.is_valid() and form.cleaned_data["to"] == many[1]


def test_one_of_several_called_the_same_is_chosen_by_its_place(many: list[Organ]) -> None:
    form = posted(to_words="民政局")
    assert not form.is_valid() and offered(form) == ["请选择", "民政局（示例县）", "民政局（远方县）"]


def test_the_only_one_alike_is_offered_and_not_taken(many: list[Organ]) -> None:
    form = posted(to_words="示例 卫生")
    assert form.errors["to"] == ["找到一个，请核对是不是它，是就再提交一次"]
    assert f'<option value="{many[0].pk}" selected>' in str(form["to"])


def test_other_words_beside_a_choice_are_another_search(many: list[Organ]) -> None:
    form = posted(to=many[0].pk, to_words="远方县卫生健康局")
    assert form.is_valid() and form.cleaned_data["to"] == many[1]


def test_digits_are_words_and_no_key(many: list[Organ]) -> None:
    form = posted(to_words=many[0].pk)
    assert form.errors["to"] == [f"没有找到名称里有“{many[0].pk}”的，请核对，或者换几个字"]
    assert f'value="{many[0].pk}"' in str(form["to"]), "what was typed stays"


def test_too_many_alike_are_not_listed(many: list[Organ]) -> None:
    form = posted(to_words="局")
    assert form.errors["to"] == ["名称里有“局”的超过3个，请写得再全一些"]
    assert "<option" not in str(form["to"]) and 'value="局"' in str(form["to"])


def test_what_was_chosen_stays_when_the_page_comes_again(many: list[Organ]) -> None:
    assert offered(posted(to=many[2].pk)) == ["请选择", "民政局"]
    assert f'value="{many[2].pk}" selected' in str(PassedOnForm(initial={"to": many[2].pk})["to"])


@pytest.mark.parametrize("words", ["\x00", "　", "%", "'\"<b>", "卫" * 500])
def test_strange_words_are_answered(many: list[Organ], words: str) -> None:
    form = posted(to_words=words)
    assert form.errors["to"] and "<b>" not in str(form["to"])


def test_closed_organs_and_those_beyond_one_s_own_are_not_found(many: list[Organ]) -> None:
    Organ.objects.filter(pk=many[0].pk).update(active=False)
    assert not posted(to_words="示例县卫生健康局").is_valid()
    assert not posted(to=many[0].pk).is_valid()


def forms_of(base: type[forms.BaseForm]) -> list[type[forms.BaseForm]]:
    return [base, *(each for child in base.__subclasses__() for each in forms_of(child))]


def test_every_form_chooses_organs_and_the_like_by_one_way() -> None:
    """What a province has thousands of is no plain select anywhere."""
    thousands = (Organ, Division, Item, Resource)
    plain = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in forms_of(forms.BaseForm)
        if form.__module__.startswith("banshi.")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.ModelChoiceField)
        and not isinstance(field, NamedChoiceField | forms.ModelMultipleChoiceField)
        and field.queryset is not None
        and field.queryset.model in thousands
    }
    # A line of a register replaces the organ's field by one of what its writer may edit.
    assert {each for each in plain if ".registers.kinds." not in each} == set()


def test_organs_of_ones_own_place_and_its_line_come_first_and_others_say_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = [
        ("11", "别省", 1),
        ("99", "示例省", 1),
        ("9901", "示例市", 2),
        ("990102", "示例县", 3),
        ("990103", "邻县", 3),
    ]
    for code, name, level in places:
        make.organ(f"{name}民政局", division=make.division(code, name, level))
    village = make.organ("村委会", division=make.division("990102001", "示例镇", 4))
    form = PassedOnForm()
    form.fields["to"].near(make.division())  # type: ignore[attr-defined]
    line = ["示例县民政局", "示例市民政局（示例市）", "示例省民政局（示例省）", f"{village}（示例镇）"]
    assert offered(form) == ["请选择", *line, "别省民政局（别省）", "邻县民政局（邻县）"]


def test_more_than_fit_the_eye_are_listed_and_found_by_words(
    many: list[Organ], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_choice, "LISTED", 200)
    monkeypatch.setattr(OrganField, "few", 3)
    shown = str(PassedOnForm()["to"])
    assert shown.count("<option") == 5 and 'name="to-words"' in shown and "required" not in shown
    assert offered(posted(to="", to_words="卫生")) == ["请选择", "示例县卫生健康局", "远方县卫生健康局"]
    assert f'<option value="{many[2].pk}" selected>' in str(posted(to=many[2].pk)["to"])
