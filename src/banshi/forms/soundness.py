"""Faults of a form itself: keys twice, conditions on later fields, choices and patterns that can't work."""

import re
from collections.abc import Iterator, Sequence

from banshi.core.errors import Problem
from banshi.forms.conditions import condition_values
from banshi.forms.fields import NO, YES, Comparison, FieldKind, FormField, ShownWhen

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
PATTERN_AT_MOST = 200
_ESCAPED = r"\\[d^$.*+?()\[\]{}|/\\]"
_IN_CLASS = r"(?:\\[d\]\\^-]|[^\\\[\]&~])"
PORTABLE = re.compile(
    rf"(?:{_ESCAPED}|\[\^?{_IN_CLASS}+\]|\(\?:|\((?!\?)|\)|[|.^$]|\{{\d{{1,3}}(?:,\d{{0,3}})?\}}|[*+?]|[^\\\[\]{{}}()|.^$*+?])*"
)
"""Of regular expressions, what Python, Rust and ECMAScript read alike."""
OVER_AND_OVER = re.compile(r"(?<!\\)[*+?}][*+]")


def faults(fields: Sequence[FormField]) -> list[Problem]:
    """List what keeps a form from working, each at `place.attribute` (3.key, 5.when.field)."""
    places: dict[str, int] = {}
    found = []
    for place, field in enumerate(fields):
        if field.key in places:
            said = f"字段名“{field.key}”和第{places[field.key] + 1}题重复，请改一个"
            found.append(Problem(said, where=field.label, field=f"{place}.key"))
        elif not KEY.fullmatch(field.key):
            said = f"字段名“{field.key}”要以小写字母开头，只用小写字母、数字和下划线，最多40个"
            found.append(Problem(said, where=field.label, field=f"{place}.key"))
        found += [
            Problem(said, where=field.label, field=f"{place}.{attribute}")
            for attribute, said in (*_of_field(field), *_of_condition(field, place, fields))
        ]
        places.setdefault(field.key, place)
    return found


def _of_field(field: FormField) -> Iterator[tuple[str, str]]:
    choosing = field.kind in (FieldKind.CHOICE, FieldKind.CHOICES)
    if choosing and len(field.choices) < 2:
        yield "choices", f"“{field.label}”是{field.kind.label}，请至少写两个选项，每行一个"
    if len(set(field.choices)) < len(field.choices):
        yield "choices", f"“{field.label}”的选项有重复，请去掉"
    if None not in (field.minimum, field.maximum) and field.minimum > field.maximum:  # type: ignore[operator]
        yield "minimum", f"“{field.label}”的最小值大于最大值，没有数能填，请改一下"
    if field.pattern and field.kind is not FieldKind.TEXT:
        yield "pattern", f"“{field.label}”是{field.kind.label}，不需要格式；只有“{FieldKind.TEXT.label}”能写格式"
    elif field.pattern:
        if not pattern_is_portable(field.pattern):
            yield "pattern", f"“{field.label}”的格式读不懂，请只用字符、[ ]、( )、|、?、*、+ 和 {{n}}，或者不写格式"
        elif field.example and not re.fullmatch(field.pattern, field.example, re.ASCII):
            yield "example", f"“{field.label}”的示例“{field.example}”自己就不合格式，请改一个"


def pattern_is_portable(pattern: str) -> bool:
    if len(pattern) > PATTERN_AT_MOST or not PORTABLE.fullmatch(pattern) or OVER_AND_OVER.search(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _of_condition(field: FormField, place: int, fields: Sequence[FormField]) -> Iterator[tuple[str, str]]:
    when = field.when
    if when is None:
        return
    at = next((n for n, each in enumerate(fields) if each.key == when.field), None)
    if at is None:
        yield "when.field", f"“{field.label}”要看“{when.field}”才显示，但没有这一题，请写前面一题的题目或字段名"
    elif at == place:
        yield "when.field", f"“{field.label}”不能看它自己，请改成前面的一题"
    elif at > place:
        yield "when.field", f"“{field.label}”要看“{fields[at].label}”才显示，可那一题排在后面，请把它移到前面"
    else:
        yield from (("when.values", said) for said in _of_values(field, when, fields[at]))


def _of_values(field: FormField, when: ShownWhen, earlier: FormField) -> Iterator[str]:
    if when.comparison is Comparison.ANSWERED:
        return
    known = {FieldKind.YES_NO: (YES, NO), FieldKind.CHOICE: earlier.choices, FieldKind.CHOICES: earlier.choices}
    if not when.values:
        yield f"“{field.label}”看“{earlier.label}”是什么，还没有写"
    elif when.comparison in (Comparison.AT_LEAST, Comparison.AT_MOST):
        if earlier.kind is not FieldKind.NUMBER:
            yield f"“{earlier.label}”不是数字，不能比大小"
        elif len(condition_values(when, earlier)) != 1 or len(when.values) != 1:
            yield f"和“{earlier.label}”比大小的，请写一个数"
    elif earlier.kind in known:
        if unknown := [value for value in when.values if value not in known[earlier.kind]]:
            yield f"“{earlier.label}”没有“{unknown[0]}”这个选项，只有{'、'.join(known[earlier.kind])}"
    elif earlier.kind is FieldKind.NUMBER and len(condition_values(when, earlier)) < len(when.values):
        yield f"“{earlier.label}”是数字，请写数"
