"""Chinese numerals up to the thousands, as laws number their articles."""

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def numeral(text: str) -> int:
    """Parse 十四, 一千零七十六 or 52.

    Raises ValueError when it is no number.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or set(text) - set(_DIGITS) - set(_UNITS):
        raise ValueError(text)
    if not set(text) & set(_UNITS):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        else:
            total += (digit or 1) * _UNITS[c]
            digit = 0
    return total + digit
