"""Forms and answers made by chance, right and wrong ones."""

from collections.abc import Callable
from random import Random
from typing import Any

from banshi.core.id_numbers import uscc_check
from banshi.forms import Comparison, FieldKind, FormField, ShownWhen

SYLLABLES = "房产证号姓名孩子学校年级收入单位地址"


def id_number(chance: Random) -> str:
    body = (
        f"530102{chance.randint(1950, 2020)}0{chance.randint(1, 9)}{chance.randint(10, 28)}{chance.randint(100, 999)}"
    )
    return body + "10X98765432"[sum(int(each) * pow(2, 17 - place, 11) for place, each in enumerate(body)) % 11]


def credit_code(chance: Random) -> str:
    body = "91530100" + "".join(chance.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(9))
    return body + uscc_check(body)


def form(chance: Random, size: int = 12) -> tuple[FormField, ...]:
    fields: list[FormField] = []
    for place in range(size):
        kind = chance.choice(list(FieldKind))
        choosing = kind in (FieldKind.CHOICE, FieldKind.CHOICES)
        fields.append(
            FormField(
                f"f{place}",
                "".join(chance.sample(SYLLABLES, 4)) + str(place),
                kind,
                group=f"第{place // 5 + 1}页",
                required=chance.random() < 0.7,
                choices=("甲", "乙", "丙") if choosing else (),
                pattern=r"[A-Z]\d{3}" if kind is FieldKind.TEXT and chance.random() < 0.3 else "",
                minimum=0 if kind is FieldKind.NUMBER and chance.random() < 0.5 else None,
                maximum=100 if kind is FieldKind.NUMBER and chance.random() < 0.5 else None,
                when=_condition(chance, fields) if fields and chance.random() < 0.5 else None,
            )
        )
    return tuple(fields)


def _condition(chance: Random, earlier: list[FormField]) -> ShownWhen:
    field = chance.choice(earlier)
    match field.kind:
        case FieldKind.NUMBER:
            how = chance.choice((Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.IS, Comparison.IS_NOT))
            return ShownWhen(field.key, how, ("3",))
        case FieldKind.YES_NO:
            return ShownWhen(field.key, chance.choice((Comparison.IS, Comparison.IS_NOT)), ("是",))
        case FieldKind.CHOICE | FieldKind.CHOICES:
            return ShownWhen(field.key, chance.choice((Comparison.IS, Comparison.IS_NOT)), ("甲", "乙"))
    return ShownWhen(field.key, Comparison.ANSWERED)


def answers(chance: Random, fields: tuple[FormField, ...]) -> dict[str, Any]:
    """Mostly right ones; some wrong, some to fields that are hidden or not there."""
    from banshi.forms import without_hidden

    wrong = chance.choice((0, 0, 0.02, 0.1))
    made = {}
    for field in fields:
        if field.required or chance.random() < 0.6:
            made[field.key] = _wrong(chance, field) if chance.random() < wrong else right(chance, field)
    if chance.random() < 0.8:
        made = without_hidden(fields, made)
    if made and chance.random() < 0.1:
        made.pop(chance.choice(list(made)))
    if chance.random() < 0.05:
        made["nobody_asked"] = "x"
    return made


def right(chance: Random, field: FormField) -> Any:
    makers: dict[FieldKind, Callable[[], Any]] = {
        FieldKind.TEXT: lambda: f"A{chance.randint(100, 999)}",
        FieldKind.LONG_TEXT: lambda: "一行\n两行",
        FieldKind.NUMBER: lambda: chance.choice((3, 3.0, 2.5, 0, 100, 7)),
        FieldKind.MONEY: lambda: chance.choice(("0", "12.5", "1200.00")),
        FieldKind.DATE: lambda: chance.choice(("2026-11-28", "2024-02-29", "1999-12-31")),
        FieldKind.CHOICE: lambda: chance.choice(field.choices),
        FieldKind.CHOICES: lambda: chance.sample(field.choices, chance.randint(1, 3)),
        FieldKind.YES_NO: lambda: chance.random() < 0.5,
        FieldKind.PHONE: lambda: chance.choice(("13800138000", "0871-1234567")),
        FieldKind.ID_NUMBER: lambda: id_number(chance),
        FieldKind.CREDIT_CODE: lambda: credit_code(chance),
        FieldKind.ADDRESS: lambda: "示例路1号",
        FieldKind.EMAIL: lambda: "mother@example.com",
    }
    return makers[field.kind]()


def _wrong(chance: Random, field: FormField) -> Any:
    number = id_number(chance)
    return chance.choice(
        (
            *(
                "",
                "  ",
                "三",
                "x" * 301,
                "y" * 5001,
                "A123\n",
                "一\n二",
                7,
                -1,
                101,
                1e13,
                2.5,
                True,
                None,
                [],
                ["甲", "甲"],
                ["丁"],
                "丁",
            ),
            *({"a": 1}, "2026-02-30", "2025-02-29", "1900-02-29", "12.345", "012", "1380013800", "a@b", number[:17]),
            number[:16] + str((int(number[16]) + 1) % 10) + number[17],
            credit_code(chance)[:17] + "0",
            "𠮷" * 300,
        )
    )
