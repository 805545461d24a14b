"""Numbers as a cell's format shows them (ECMA-376 18.8.31), for the formats people give to codes, limits and fees.

What is no plain number to the reader (dates, times, fractions, scientific) is left to it.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from banshi.spreadsheets.cells import EXACT_DIGITS

BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"}  # fmt: skip
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(?:.)|\*(?:.)|\[(\$[^\]]*|[^\]]*)\]|(General|G/通用格式)|(E[+-])|([#0?.,%]+)|(@)|(.)',
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
_CHINESE = {"DBNum1": "〇一二三四五六七八九", "DBNum2": "零壹贰叁肆伍陆柒捌玖"}


@lru_cache(maxsize=1000)
def is_told(code: str) -> bool:
    """Tell whether the format changes what is seen (zeros, units, percent), and is one of those `shown` knows."""
    try:
        sections = _sections(code)
    except ValueError:
        return False
    return any(
        kind == "text"
        or (kind == "digits" and (text.replace(",", "") not in ("0", "#") or "," in text))
        or kind == "chinese"
        for _, tokens in sections
        for kind, text in tokens
    )


@lru_cache(maxsize=100_000)
def shown(number: float, code: str) -> str | None:
    """Return the number as the format shows it, or None where that is not known."""
    if abs(number) >= EXACT_DIGITS:
        return None  # its end is lost, which is to be seen
    try:
        sections = _sections(code)
    except ValueError:
        return None
    value = Decimal(repr(number)) if number % 1 else Decimal(int(number))
    tokens, negative = _chosen(sections, value)
    if tokens is None:
        return None
    digits = [text for kind, text in tokens if kind == "digits"]
    if len(digits) > 1 and not all(set(text) <= {"0"} for text in digits):
        return None
    out = []
    scale = Decimal(100) ** sum(text.count("%") for text in digits)
    rest = _grouped(abs(value) * scale, digits) if len(digits) > 1 else []
    for kind, text in tokens:
        if kind == "digits":
            out.append(rest.pop(0) if rest else _digits(abs(value) * scale, text))
        elif kind == "general":
            out.append(f"{abs(value).normalize():f}")
        elif kind == "chinese":
            return None
        else:
            out.append(text)
    return ("-" if negative else "") + "".join(out)


def _sections(code: str) -> list[tuple[tuple[str, Decimal] | None, tuple[tuple[str, str], ...]]]:
    """Cut a format into its sections of condition and tokens."""
    found: list[tuple[tuple[str, Decimal] | None, tuple[tuple[str, str], ...]]] = []
    tokens: list[tuple[str, str]] = []
    condition = None
    for quoted, escaped, bracket, general, scientific, digits, text, other in _TOKEN.findall(code):
        if other == ";":
            found.append((condition, tuple(tokens)))
            tokens, condition = [], None
        elif scientific or (other and other.lower() in "ymdhsea/年"):
            raise ValueError(code)  # a date, a time, a fraction, a power
        elif bracket:
            if bracket.startswith("$"):
                if sign := bracket[1:].partition("-")[0]:
                    tokens.append(("text", sign))
            elif bracket in _CHINESE:
                tokens.append(("chinese", bracket))
            elif limit := _CONDITION.fullmatch(bracket):
                condition = (limit[1], Decimal(limit[2]))
            elif re.fullmatch(r"h+|m+|s+", bracket, re.IGNORECASE):
                raise ValueError(code)
        elif general:
            tokens.append(("general", ""))
        elif digits:
            tokens.append(("digits", digits))
        elif text:
            tokens.append(("at", ""))
        elif words := quoted or escaped or other:
            tokens.append(("text", words))
    return [*found, (condition, tuple(tokens))]


def _chosen(
    sections: list[tuple[tuple[str, Decimal] | None, tuple[tuple[str, str], ...]]], value: Decimal
) -> tuple[tuple[tuple[str, str], ...] | None, bool]:
    """Choose the section for a number, and tell whether a minus is to be written before it."""
    numeric = [each for each in sections if ("at", "") not in each[1]] or [(None, (("general", ""),))]
    if any(condition for condition, _ in numeric):
        for condition, tokens in numeric:
            if condition is None or _holds(value, *condition):
                return tokens, value < 0
        return None, False
    if value < 0:
        return (numeric[1][1], False) if len(numeric) > 1 else (numeric[0][1], True)
    return (numeric[2][1] if value == 0 and len(numeric) > 2 else numeric[0][1]), False


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    return {"<": value < limit, ">": value > limit, "<=": value <= limit, ">=": value >= limit, "=": value == limit, "<>": value != limit}[sign]  # fmt: skip


def _digits(value: Decimal, pattern: str) -> str:
    percent, pattern = "%" * pattern.count("%"), pattern.replace("%", "")
    whole, _, decimals = pattern.partition(".")
    while whole.endswith(","):  # in thousands
        whole, value = whole[:-1], value / 1000
    rounded = value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    integer, _, fraction = f"{rounded:f}".partition(".")
    least = sum(sign == "0" for sign in whole)
    integer = integer.lstrip("0").rjust(least, "0")
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", integer)
    kept = sum(sign == "0" for sign in decimals)
    while len(fraction) > kept and fraction.endswith("0"):
        fraction = fraction[:-1]
    return f"{integer}{'.' if '.' in pattern else ''}{fraction}{percent}"


def _grouped(value: Decimal, patterns: list[str]) -> list[str]:
    """Spread a whole number over several runs of zeros (000-0000-0000), the first taking what is left over."""
    rest = f"{value.quantize(Decimal(1), ROUND_HALF_UP):f}".rjust(sum(map(len, patterns)), "0")
    out: list[str] = []
    for pattern in reversed(patterns[1:]):
        rest, piece = rest[: -len(pattern)], rest[-len(pattern) :]
        out.insert(0, piece)
    return [rest, *out]
