"""Chinese numerals up to the thousands, as laws number their articles."""

import unicodedata

_WRITTEN = "零一二三四五六七八九"
_DIGITS = {c: n for n, c in enumerate(_WRITTEN)} | {"〇": 0, "两": 2} | {str(n): n for n in range(10)}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def numeral(text: str) -> int:
    """Parse 十四, 一千零七十六, 52, ５２ or 九0.

    Raises ValueError when it is no number.
    """
    text = unicodedata.normalize("NFKC", text)
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or set(text) - set(_DIGITS) - set(_UNITS):
        raise ValueError(text)
    if not set(text) & set(_UNITS):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _DIGITS:
            digit = digit * 10 + _DIGITS[c]
        else:
            total += (digit or 1) * _UNITS[c]
            digit = 0
    return total + digit


def written(number: int) -> str:
    """Write 1 to 9999 as laws do."""
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += ("零" if gap and said else "") + _WRITTEN[digit] + name
        gap = not digit
    return said.removeprefix("一") if 10 <= number < 20 else said
