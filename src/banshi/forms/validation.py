"""Answers judged by the contract, each fault in a sentence chosen by its keyword and the kind of its field.

Pages and API say the same, since both ask here.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs

from banshi.core.errors import Problem
from banshi.core.id_numbers import id_number_is_valid, uscc_is_valid
from banshi.forms.conditions import condition_sentence
from banshi.forms.contract import CHECK_DIGITS, data_contract
from banshi.forms.fields import CHOOSING, FieldKind, FormField

VALID: dict[FieldKind, Callable[[str], bool]] = {
    FieldKind.ID_NUMBER: id_number_is_valid,
    FieldKind.CREDIT_CODE: uscc_is_valid,
}
CHECK = "check_digit"


@lru_cache(maxsize=500)
def _validator(fields: tuple[FormField, ...]) -> jsonschema_rs.Validator:
    # The linear engine: a clerk's pattern can't make it hang.
    return jsonschema_rs.Draft202012Validator(
        data_contract(fields), validate_formats=False, pattern_options=jsonschema_rs.RegexOptions()
    )


def problems(fields: tuple[FormField, ...], answers: Mapping[str, Any]) -> list[Problem]:
    """List what is wrong with the answers, one problem a field, in the order of the form."""
    found: dict[str, Problem] = {}
    by_key = {field.key: field for field in fields}
    for error in _validator(fields).iter_errors(dict(answers)):
        keyword, value = error.kind.name, error.kind.value
        keys = {"required": [value], "unevaluatedProperties": value}.get(keyword, error.instance_path[:1])
        for key in keys:
            if field := by_key.get(key):
                found.setdefault(key, Problem(sentence(field, keyword, answers, fields), where=field.label, field=key))
            else:
                said = f"这张表里没有“{key[:40]}”这一项"
                found.setdefault(key, Problem(said, field=key, remedy="请去掉它再交"))
    for field in fields:
        answer = answers.get(field.key)
        if field.kind in CHECK_DIGITS and field.key not in found and answer and not VALID[field.kind](answer):
            found[field.key] = Problem(sentence(field, CHECK, answers, fields), where=field.label, field=field.key)
    order = {key: place for place, key in enumerate(by_key)}
    return sorted(found.values(), key=lambda each: order.get(each.field, len(order)))


def sentence(field: FormField, keyword: str, answers: Mapping[str, Any], fields: tuple[FormField, ...]) -> str:
    """Say in plain words what is wrong with an answer and how it is mended."""
    answer = answers.get(field.key)
    length = len(answer) if isinstance(answer, str) else 0
    chosen = field.kind in CHOOSING
    match keyword, field.kind:
        case "required", _:
            return f"请{'选择' if chosen else '填写'}“{field.label}”"
        case "falseSchema", _:
            return f"“{field.label}”不用填，请去掉：{condition_sentence(field, fields)}"
        case "check_digit", FieldKind.ID_NUMBER:
            return "身份证号好像有一位写错了，请对照证件，一位一位再看一遍"
        case "check_digit", _:
            return "统一社会信用代码好像有一位写错了，请对照营业执照再看一遍"
        case "maxLength", FieldKind.TEXT | FieldKind.LONG_TEXT | FieldKind.ADDRESS:
            limit = 5_000 if field.kind is FieldKind.LONG_TEXT else 300
            return f"“{field.label}”最多写{limit}字，现在有{length}字，请写短一些"
        case _, FieldKind.ID_NUMBER if length and length != 18:
            return f"身份证号有18位，这里是{length}位，请对照证件再看一遍"
        case _, FieldKind.ID_NUMBER:
            return "身份证号前17位是数字，最后一位是数字或字母X，请对照证件改一下"
        case _, FieldKind.CREDIT_CODE if length and length != 18:
            return f"统一社会信用代码有18位，这里是{length}位，请对照营业执照再看一遍"
        case _, FieldKind.CREDIT_CODE:
            return "统一社会信用代码只有数字和大写字母，没有I、O、S、V、Z，请对照营业执照改一下"
        case _, FieldKind.PHONE if isinstance(answer, str) and answer.isdecimal() and answer[0] == "1" and length != 11:
            return f"手机号有11位，这里是{length}位，请再看一遍"
        case _, FieldKind.PHONE:
            return "请写11位手机号，或者带区号的固定电话，如 010-12345678"
        case _, FieldKind.EMAIL:
            return "电子邮箱不完整，请写成 name@example.com 这样"
        case _, FieldKind.DATE:
            return f"“{field.label}”请写日历上有的日期，如 2026-11-28"
        case _, FieldKind.MONEY:
            return f"“{field.label}”请只写数字，最多两位小数，如 1200.50"
        case "minimum", _:
            return f"“{field.label}”不能小于{field.minimum if field.minimum is not None else '负一万亿'}"
        case "maximum", _:
            return f"“{field.label}”不能大于{field.maximum if field.maximum is not None else '一万亿'}"
        case _, FieldKind.NUMBER:
            return f"“{field.label}”请只写数字，如 {field.example or 3}"
        case "pattern", _ if field.pattern:
            return f"“{field.label}”的写法不对，" + (
                f"请照“{field.example}”这样写" if field.example else "请看上面的说明"
            )
        case "not", _:
            return f"“{field.label}”请写在一行里"
        case _ if chosen:
            return f"“{field.label}”请从给出的选项里选"
    return f"请填写“{field.label}”"
