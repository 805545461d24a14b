"""Conditions of display, evaluated in order so that a hidden field counts as not answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from banshi.forms.fields import NO, YES, Answers, Comparison, FieldKind, FormField, ShownWhen


def visible(fields: Sequence[FormField], answers: Mapping[str, Any]) -> list[FormField]:
    """List the fields to be asked, each judged by the answers of those before it."""
    shown: dict[str, FormField] = {}
    for field in fields:
        if field.when is None or _holds(field.when, shown.get(field.when.field), answers):
            shown[field.key] = field
    return list(shown.values())


def _holds(when: ShownWhen, earlier: FormField | None, answers: Mapping[str, Any]) -> bool:
    """Judge a condition as a validator judges `condition_schema`."""
    if earlier is None or earlier.key not in answers:
        return False
    answer, wanted = answers[earlier.key], condition_values(when, earlier)
    is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
    match when.comparison:
        case Comparison.ANSWERED:
            return True
        case Comparison.AT_LEAST:
            return is_number and bool(wanted) and answer >= wanted[0]
        case Comparison.AT_MOST:
            return is_number and bool(wanted) and answer <= wanted[0]
    if earlier.kind is FieldKind.CHOICES:
        met = isinstance(answer, list) and any(each in wanted for each in answer)
    else:
        met = any(answer == each and isinstance(answer, bool) == isinstance(each, bool) for each in wanted)
    return met if when.comparison is Comparison.IS else not met


def condition_values(when: ShownWhen, earlier: FormField) -> list[Any]:
    """Convert the values a condition names to what an answer of the earlier field is."""
    match earlier.kind:
        case FieldKind.YES_NO:
            return [value == YES for value in when.values if value in (YES, NO)]
        case FieldKind.NUMBER:
            return [number for value in when.values if isinstance(number := as_number(value), int | float)]
    return list(when.values)


def as_number(text: str) -> int | float | str:
    """Read a number, else keep the text as it was typed."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not abs(number) < 1e15:
        return text
    return int(number) if number == int(number) else number


def condition_schema(when: ShownWhen, earlier: FormField) -> dict[str, Any]:
    """Word a condition in JSON Schema."""
    values = condition_values(when, earlier)
    among: dict[str, Any] = {"enum": values}
    if earlier.kind is FieldKind.CHOICES:
        among = {"type": "array", "contains": among}
    match when.comparison:
        case Comparison.ANSWERED:
            met: Any = True
        case Comparison.AT_LEAST:
            met = {"type": "number", "minimum": values[0]} if values else False
        case Comparison.AT_MOST:
            met = {"type": "number", "maximum": values[0]} if values else False
        case Comparison.IS_NOT:
            met = {"not": among} if values else True
        case _:
            met = among if values else False
    return {"properties": {earlier.key: met}, "required": [earlier.key]}


def without_hidden(fields: Sequence[FormField], answers: Mapping[str, Any]) -> Answers:
    """Keep the answers of fields that are asked: hidden means absent."""
    return {field.key: answers[field.key] for field in visible(fields, answers) if field.key in answers}


def when_words(when: ShownWhen, label: str) -> str:
    """Word a condition on the field of a label in one sentence."""
    values = "或".join(f"“{value}”" for value in when.values)
    match when.comparison:
        case Comparison.IS:
            return f"“{label}”答{values}时才填"
        case Comparison.IS_NOT:
            return f"“{label}”答了{values}以外的，才填"
        case Comparison.AT_LEAST:
            return f"“{label}”不小于{''.join(when.values)}时才填"
        case Comparison.AT_MOST:
            return f"“{label}”不大于{''.join(when.values)}时才填"
    return f"填写了“{label}”才填"


def condition_sentence(field: FormField, fields: Sequence[FormField]) -> str:
    """Word the condition of a field.

    "" where it is always asked.
    """
    when = field.when
    return when_words(when, next((each.label for each in fields if each.key == when.field), when.field)) if when else ""
