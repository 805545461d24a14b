"""Validation errors of TOML and pydantic in plain Chinese."""

import re
import tomllib

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from banshi.core.errors import Problem

SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，可能写错了名字",
    "int_type": "要写整数，不加引号",
    "int_parsing": "要写整数",
    "int_from_float": "要写整数",
    "float_type": "要写数字",
    "float_parsing": "要写数字",
    "bool_type": "要写 true 或 false",
    "bool_parsing": "要写 true 或 false",
    "string_type": "要写文字，加引号",
    "list_type": "要写成清单，用方括号括起来",
    "tuple_type": "要写成清单，用方括号括起来",
    "set_type": "要写成清单，用方括号括起来",
    "frozen_set_type": "要写成清单，用方括号括起来",
    "dict_type": "要写成“名称 = 值”的一段",
    "model_type": "要写成“名称 = 值”的一段",
    "too_short": "至少要有{min_length}个",
    "too_long": "最多{max_length}个",
    "string_too_short": "至少要写{min_length}个字",
    "string_too_long": "最多写{max_length}个字",
    "greater_than_equal": "不能小于{ge}",
    "greater_than": "要大于{gt}",
    "less_than_equal": "不能大于{le}",
    "less_than": "要小于{lt}",
    "date_type": "要写日期，如 2027-03-31",
    "date_parsing": "要写日期，如 2027-03-31",
    "date_from_datetime_parsing": "要写日期，如 2027-03-31",
    "url_parsing": "要写完整的网址，以 https:// 开头",
    "url_scheme": "网址要以 https:// 或 http:// 开头",
}
CHOICES = ("enum", "literal_error")
SHORT = 40


def sentence_of(error: ErrorDetails) -> str:
    """Say one fault, with what was written where that helps."""
    context = error.get("ctx") or {}
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"] in CHOICES:
        known = re.findall(r"'([^']*)'|(-?\d+)", str(context["expected"]))
        said = f"只能写{'、'.join(word or number for word, number in known)}"
    else:
        said = SENTENCES.get(error["type"], "写得不对").format(**context)
    given = error.get("input")
    return f"{said}，现在写的是“{given}”" if isinstance(given, str | int) and len(str(given)) <= SHORT else said


def place_of(error: ErrorDetails) -> str:
    """Say where it stands, counting from one."""
    return " → ".join(f"第{part + 1}个" if isinstance(part, int) else part for part in error["loc"])


def problems_of(error: ValidationError) -> list[Problem]:
    return [Problem(sentence_of(each), where=place_of(each)) for each in error.errors()]


def toml_sentence(error: tomllib.TOMLDecodeError) -> str:
    """Say where TOML is broken, without its English."""
    found = re.search(r"line (\d+), column (\d+)", str(error))
    place = f"第{found[1]}行第{found[2]}个字附近" if found else "文件末尾"
    return f"{place}写法不对：引号、方括号要成对，每行写成“名称 = 值”，同一个名称只写一次"


def in_words(error: Exception) -> str:
    """Say in one line what is wrong with a file of data, whatever read it."""
    if isinstance(error, ValidationError):
        return "；".join(f"{each.where}：{each.message}" if each.where else each.message for each in problems_of(error))
    if isinstance(error, tomllib.TOMLDecodeError):
        return toml_sentence(error)
    if isinstance(error, FileNotFoundError):
        return "没有这个文件"
    return "文件打不开，请核对权限" if isinstance(error, OSError) else "写得不对"
