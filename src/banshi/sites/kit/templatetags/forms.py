"""A page of a declared form, every field of it by one template.

A widget a field, as Django's forms have it, costs thirteen times as much.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from banshi.core.id_numbers import mask_id
from banshi.forms import FieldKind, FormField, typed_text
from banshi.forms.fields import NO, YES, Answers

register = template.Library()
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

RADIOS_AT_MOST = 7
INPUTS = {
    FieldKind.TEXT: "",
    FieldKind.NUMBER: 'inputmode="decimal"',
    FieldKind.MONEY: 'inputmode="decimal"',
    FieldKind.DATE: 'type="date"',
    FieldKind.PHONE: 'type="tel" autocomplete="tel"',
    FieldKind.ID_NUMBER: 'autocapitalize="characters" spellcheck="false"',
    FieldKind.CREDIT_CODE: 'autocapitalize="characters" spellcheck="false"',
    FieldKind.EMAIL: 'type="email" autocomplete="email"',
}
"""Attributes by which a phone shows the right keyboard."""


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field as the template shows it: `control` is line, area, radios, boxes, list or fixed."""

    key: str
    id: str
    label: str
    help: str
    required: bool
    control: str
    text: str
    options: tuple[tuple[str, bool], ...]
    attributes: SafeString
    unit: str
    error: str
    described: SafeString
    decides: bool
    condition: str


@register.simple_tag
def form_group(
    fields: Sequence[FormField],
    answers: Answers,
    wrong: Mapping[str, str],
    fixed: Mapping[str, str],
    deciding: Collection[str] = (),
    conditions: Mapping[str, str] | None = None,
) -> SafeString:
    """Render fields with their answers and what is wrong with them.

    `fixed` are answers a register gives, `deciding` the keys others depend on, `conditions` sentences to show beside.
    """
    shown = []
    for field in fields:
        key, answer, error = field.key, answers.get(field.key), wrong.get(field.key, "")
        text, attributes = typed_text(field, answer), INPUTS.get(field.kind, "")
        options: tuple[tuple[str, bool], ...] = ()
        match field.kind:
            case _ if key in fixed:
                control = "fixed"
                text = mask_id(fixed[key]) if field.kind is FieldKind.ID_NUMBER else fixed[key]
            case FieldKind.YES_NO:
                control, options = "radios", ((YES, text == YES), (NO, text == NO))
            case FieldKind.CHOICE:
                control = "radios" if len(field.choices) <= RADIOS_AT_MOST else "list"
                options = tuple((each, each == text) for each in field.choices)
            case FieldKind.CHOICES:
                chosen = answer if isinstance(answer, list) else ()
                control, options = "boxes", tuple((each, each in chosen) for each in field.choices)
            case FieldKind.LONG_TEXT | FieldKind.ADDRESS:
                control = "area"
            case FieldKind.DATE if text and not _DAY.fullmatch(text):
                control, attributes = "line", ""  # a date box would drop what it can't show
            case _:
                control = "line"
        described = f"q-{key}-help" * bool(field.help or field.example) + " " + f"q-{key}-error" * bool(error)
        shown.append(
            FieldShown(
                key,
                f"q-{key}",
                field.label,
                field.help or (f"如 {field.example}" if field.example else ""),
                field.required,
                control,
                text,
                options,
                SafeString(attributes),
                "元" if field.kind is FieldKind.MONEY else "",
                error,
                SafeString(described.strip()),
                key in deciding,
                conditions.get(key, "") if conditions else "",
            )
        )
    return SafeString("".join(map(_field, shown)))


FIELDS_KEPT = 5_000
HOLE = "\ue000"
"""Where what somebody typed goes."""


def _field(field: FieldShown) -> str:
    """Render a question with its answer: what the guide asks once in a process, what somebody answered each time."""
    if field.error or any(chosen for _, chosen in field.options):
        return _whole(field)
    before, after = _around(replace(field, text="" if field.options else HOLE))
    if field.options:
        return before
    return f"{before}{escape(field.text)}{after}"


def _whole(field: FieldShown) -> str:
    return render_to_string("kit/form_group.html", {"shown": [field]})


@lru_cache(maxsize=FIELDS_KEPT)
def _around(field: FieldShown) -> tuple[str, str]:
    """Render what stands before and after the answer."""
    before, _, after = _whole(field).partition(HOLE)
    return before, after
