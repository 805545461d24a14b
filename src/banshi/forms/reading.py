"""Answers read from what was typed on a page. Nothing is refused here: what can't be read stays as typed."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.datastructures import MultiValueDict

from banshi.core.id_numbers import plain_mobile, plain_number
from banshi.forms.conditions import as_number
from banshi.forms.fields import NO, YES, Answers, FieldKind, FormField

DAY = re.compile(r"(\d{4})[年./\-](\d{1,2})[月./\-](\d{1,2})日?|(\d{4})(\d\d)(\d\d)")


def read_answers(fields: Iterable[FormField], typed: MultiValueDict[str, str]) -> Answers:
    """Read the fields' answers, without those left blank."""
    answers = {field.key: _read(field, typed) for field in fields if field.key in typed}
    return {key: answer for key, answer in answers.items() if answer not in ("", [])}


def _read(field: FormField, typed: MultiValueDict[str, str]) -> Any:
    if field.kind is FieldKind.CHOICES:
        return list(dict.fromkeys(each for each in typed.getlist(field.key) if each))
    text = typed.get(field.key, "").replace("\x00", "").replace("\r\n", "\n").strip()
    plain = unicodedata.normalize("NFKC", text)
    match field.kind:
        case FieldKind.YES_NO:
            return {YES: True, NO: False}.get(text, text)
        case FieldKind.NUMBER:
            return as_number(plain.replace(",", ""))
        case FieldKind.MONEY:
            return plain.replace(",", "").removeprefix("¥").removesuffix("元").strip()
        case FieldKind.DATE:
            if found := DAY.fullmatch(plain.replace(" ", "")):
                year, month, day = (part for part in found.groups() if part)
                return f"{year}-{int(month):02}-{int(day):02}"
            return text
        case FieldKind.ID_NUMBER | FieldKind.CREDIT_CODE:
            return plain_number(text)
        case FieldKind.PHONE:
            mobile = plain_mobile(text)
            return mobile if mobile.startswith("1") else re.sub(r"[()\s]", "", plain)
        case FieldKind.EMAIL:
            return plain.replace(" ", "")
    return text


def typed_text(field: FormField, answer: Any) -> str:
    """Write an answer as its box shows it.

    "" for none and for several choices.
    """
    match answer:
        case bool():
            return YES if answer else NO
        case None | list():
            return ""
    return str(answer)
