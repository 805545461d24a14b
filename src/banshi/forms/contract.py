"""The contract of a form's answers as JSON Schema 2020-12.

A validator of any language judges as the server does: patterns are of the subset all regular expression engines read
alike, hidden fields are absent, and what no schema can say (check digits) stands under `x-banshi`.
"""

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any

from banshi.forms.conditions import condition_schema
from banshi.forms.fields import FieldKind, FormField, ShownWhen

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LONGEST = {FieldKind.TEXT: 300, FieldKind.LONG_TEXT: 5_000, FieldKind.ADDRESS: 300}
NUMBER_AT_MOST = 1_000_000_000_000
ONE_LINE = {"not": {"pattern": "[\n\r]"}}
SAYS_SOMETHING = "[^ \t\n\r\u00a0\u3000]"


def _day(century: str, dash: str) -> str:
    """Write the days of the calendar as a regular expression, without help of a format."""
    leap = f"(?:{century}(?:0[48]|[2468][048]|[13579][26])|2000)"
    days = f"(?:0[13578]|1[02]){dash}(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11){dash}(?:0[1-9]|[12][0-9]|30)"
    return f"(?:{century}[0-9]{{2}}{dash}(?:{days}|02{dash}(?:0[1-9]|1[0-9]|2[0-8]))|{leap}{dash}02{dash}29)"


PATTERNS = {
    FieldKind.MONEY: r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?$",
    FieldKind.DATE: f"^{_day('(?:18|19|20|21)', '-')}$",
    FieldKind.PHONE: "^(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?)$",
    FieldKind.ID_NUMBER: "^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9])[0-9]{4}"
    f"{_day('(?:19|20)', '')}[0-9]{{3}}[0-9X]$",
    FieldKind.CREDIT_CODE: "^[0-9A-HJ-NPQRTUWXY]{18}$",
    FieldKind.EMAIL: r"^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$",
}
FORMATS = {FieldKind.DATE: "date", FieldKind.EMAIL: "email"}
CHECK_DIGITS = frozenset({FieldKind.ID_NUMBER, FieldKind.CREDIT_CODE})


@lru_cache(maxsize=500)
def data_contract(fields: tuple[FormField, ...]) -> dict[str, Any]:
    """Return the schema of the answers to a form."""
    by_key = {field.key: field for field in fields}
    conditional: dict[ShownWhen, list[FormField]] = {}
    for field in fields:
        if field.when:
            conditional.setdefault(field.when, []).append(field)
    rules = []
    for when, some in conditional.items():
        earlier = by_key.get(when.field)
        rule: dict[str, Any] = {"if": condition_schema(when, earlier) if earlier else False}
        if required := [field.key for field in some if field.required]:
            rule["then"] = {"required": required}
        rule["else"] = {"properties": {field.key: False for field in some}}
        rules.append(rule)
    contract: dict[str, Any] = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {field.key: _property(field) for field in fields},
        "required": [field.key for field in fields if field.required and not field.when],
        "unevaluatedProperties": False,
    }
    return contract | {"allOf": rules} if rules else contract


def _property(field: FormField) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": field.kind.value, "sensitivity": field.sensitivity.value}
    if field.prefill:
        told["prefill"] = field.prefill.value
    if field.kind in CHECK_DIGITS:
        told["check_digit"] = field.kind.value
    schema: dict[str, Any] = {"title": field.label, "x-banshi": told}
    if field.help:
        schema["description"] = field.help
    if field.example:
        schema["examples"] = [field.example]
    match field.kind:
        case FieldKind.NUMBER:
            low = -NUMBER_AT_MOST if field.minimum is None else field.minimum
            high = NUMBER_AT_MOST if field.maximum is None else field.maximum
            return schema | {"type": "number", "minimum": low, "maximum": high}
        case FieldKind.YES_NO:
            return schema | {"type": "boolean"}
        case FieldKind.CHOICE:
            return schema | {"type": "string", "enum": list(field.choices)}
        case FieldKind.CHOICES:
            items = {"type": "string", "enum": list(field.choices)}
            return schema | {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}
        case FieldKind.LONG_TEXT:
            return schema | {"type": "string", "pattern": SAYS_SOMETHING, "maxLength": LONGEST[field.kind]}
    own = f"^(?:{field.pattern})$".replace(r"\d", "[0-9]") if field.pattern else SAYS_SOMETHING
    schema |= {"type": "string", "pattern": PATTERNS.get(field.kind, own), "maxLength": LONGEST.get(field.kind, 254)}
    if field.kind in FORMATS:
        schema["format"] = FORMATS[field.kind]
    return schema | ONE_LINE


@lru_cache(maxsize=500)
def schema_digest(fields: tuple[FormField, ...]) -> str:
    """Digest the contract, to be kept with each application."""
    return sha256(json.dumps(data_contract(fields), sort_keys=True, ensure_ascii=False).encode()).hexdigest()
