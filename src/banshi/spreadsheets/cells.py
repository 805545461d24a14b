"""Cells as text. Everything after reading works on text, and keeps what the cell looked like."""

import html
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal

EXACT_DIGITS = 10**15
"""Excel keeps 15 significant digits: a longer number typed as a number has lost its end."""

_DAMAGED = re.compile(r"[+-]?\d+(?:\.\d+)?[eE]\+?\d{1,3}")
_FORMULA = re.compile(r"[=@]\s*\S|[+\-]\s*[A-Za-z(@=|]|[+\-][^\s]*[|!(]")
_DIALLED = re.compile(r"\+\d[\d\s()\uff08\uff09-]{5,}")
_FAILED = re.compile(r"#(?:N/A|GETTING_DATA|[A-Z][A-Z/0]{1,14}[!?])|(?:Err|错误)[:\uff1a] ?\d{3}")
_ODD_SPACES = re.compile(r"[\s\u3000\u00a0\u200b-\u200d\ufeff]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]|_x000[dD]_")
NARROW = str.maketrans("\uff08\uff09\uff1a\uff1b\uff0c\uff0e\uff0f", "():;,./")
"""Full-width signs to half-width ones, sign for sign, so that places in the text stay the same."""
_NARROW_LETTERS: dict[int, int | str] = {
    0x3000: " ",
    0x00A0: " ",
    **{c: c - 0xFEE0 for c in range(0xFF10, 0xFF5B) if chr(c - 0xFEE0).isalnum()},
}
_SIGNS = "\u4e00-\u9fff()\uff08\uff09,\uff0c;\uff1b:\uff1a、。"
_CHINESE_GAP = re.compile(rf"(?<=[{_SIGNS}])(?:[\u3000\u00a0]+ *| {{2,}})(?=[{_SIGNS}])")


def text_of(value: Any) -> str:
    """Write a cell's value as a person saw it (1.0 → "1", 2026-11-23 00:00 → "2026-11-23", 1.1e17 → "1.1E+17")."""
    if value is None:
        return ""
    if isinstance(value, str):
        plain: str = value
        if not plain.isprintable() or "_x000" in plain:
            plain = _CONTROLS.sub("", plain).replace("\r\n", "\n").replace("\r", "\n")
        return plain.strip(" \t\n\u3000\u00a0\ufeff\u200b")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        number = float(value)
        if number != number or number in (float("inf"), float("-inf")):
            return str(number)
        if abs(number) >= EXACT_DIGITS:
            mantissa, power = f"{number:.14E}".split("E")
            return f"{mantissa.rstrip('0').rstrip('.')}E{power}"
        return str(int(number)) if number.is_integer() else f"{number:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else text_of(str(value))


FILLERS = frozenset(
    [
        "无",
        "没有",
        "暂无",
        "暂没有",
        "暂缺",
        "空",
        "空白",
        "不涉及",
        "暂不涉及",
        "未涉及",
        "无涉及",
        "不适用",
        "无此项",
        "未填",
        "未填写",
        "待定",
        "待补",
        "待补充",
        "待填",
        "待完善",
        "待更新",
        "待明确",
        "尚无",
        "不存在",
        "未设置",
        "暂未设置",
        "未明确",
        "暂未明确",
        "nan",
        "无此内容",
        "无相关内容",
        "无要求",
        "无需填写",
        "无须填写",
        "不用填写",
        "不需填写",
        "不填",
        "此处不填",
        "此项不填",
        "无/无",
        "略",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "无。",
        "暂无。",
        "不涉及。",
        "///",
        "//",
        "/",
        "\\",
        ".",
        "..",
        "...",
        "…",
        "……",
        "。",
        "*",
        "**",
        "***",
        "#",
        "?",
    ]
)
_NOTHING_OF_IT = re.compile(
    r"(?:目前|暂时|现)(?:还)?(?:无|没有)|不详|空缺|无相关|待(?:核实|核对|确认|定)|(?:暂|尚)?未(?:公布|提供)|暂不(?:提供|公布|填写)|"
    r"(?:[暂尚]?无|暂?没有|不涉及)(?:相关|此类|其他)?(?:此项|本项|规定|常见问题|问题|样本|样表|结果样本|内容|信息|数据|备注|说明|特殊环节|特别程序|联办机构|数量限制|要求|依据)[。.]?"
)
_ABOUT_THIS = re.compile(r"^(?:(?:此|本|该)(?:事项|项目|项业务|业务|服务)|(?:1[.、)]?|[-*·]))(?=无|不|没|暂)")
"""本事项不涉及, 1.无."""
_DASHES = re.compile(r"[-‐-―－—–_~～·、，,\s]+")
_MARKUP = re.compile(r"<\s*(br|/p|/div|/li|/tr)\s*/?\s*>", re.IGNORECASE)
_TAGS = re.compile(
    r"</?\s*(?:p|div|span|b|i|u|strong|em|font|ul|ol|li|table|tbody|thead|tr|td|th|h[1-6]|center|label|o:p)"
    r"(?:\s[^<>]{0,300})?/?\s*>",
    re.IGNORECASE,
)


def unwrapped(plain: str) -> str:
    """Strip the brackets or quotes around a whole text ((无), “无”)."""
    return plain[1:-1] if len(plain) > 2 and plain[0] in "([【“\"‘'「『《" and plain[-1] in ")]】”\"’'」』》" else plain


def bare(text: str) -> str:
    """Strip what stands around the word itself ((无), 无;, 本事项无)."""
    plain = unwrapped(folded(text))
    return _ABOUT_THIS.sub("", plain.rstrip("。.;,、") or plain)


def is_filler(text: str) -> bool:
    """Tell whether people write this where there is nothing to write (无, 不涉及, ——, N/A)."""
    if len(text) > 10 or text.isdecimal():
        return False
    plain = bare(text)
    if plain[-1:] == ")" and (aside := re.fullmatch(r"(.+?)\((.+)\)", plain)):
        return is_filler(aside[1]) and is_filler(aside[2])
    return (
        plain in FILLERS or folded(text) in FILLERS or bool(_DASHES.fullmatch(plain) or _NOTHING_OF_IT.fullmatch(plain))
    )


DITTO = frozenset(
    f"{mark}{end}"
    for word in ("同上", "同前", "同上一行", "同上行", "同上栏", "同上格", "同上一格", "同上一项", "同上项", "同上条", "同上一条", "同上一栏", "同上述", "与上同", "与上一行相同", "与上一项相同", "与上相同", "上同", "见上", "见上一行", "见上一项", "如上", "如上所述", "同以上")
    for mark in (word, f"（{word}）", f"({word})", f"《{word}》", f"“{word}”")
    for end in ("", "。", ".")
) | {"〃", "〞", "″", "＂", "“", "”", "″″", '"', "''", ",,", "ditto", "Ditto", "↑"}  # fmt: skip
"""By which people refer to the cell above."""


def is_ditto(text: str) -> bool:
    return len(text) <= 16 and "".join(text.split()) in DITTO


def without_markup(text: str) -> str:
    """Undo what web exports leave in cells: entities (up to three times), <br> as line end, plain formatting tags."""
    for _ in range(3):
        if "&" not in text or (plain := html.unescape(text)) == text:
            break
        text = plain
    if "<" in text:
        text = _TAGS.sub("", _MARKUP.sub("\n", text))
    return text.replace("\u00a0", " ").strip()


_GUARDED = re.compile(r"""="([^"]*)"|=([\d\s-]{3,})|'([^'].*)""", re.DOTALL)


def unguarded(text: str) -> str:
    """Strip the marks by which a cell is kept from being read as a number or a formula (="0123", =0123, '0123)."""
    found = _GUARDED.fullmatch(text) if text[:1] in ("=", "'") else None
    return text if found is None or text.endswith("'") else (found[1] or found[2] or found[3] or "").strip()


def is_damaged_number(text: str) -> bool:
    """Tell whether a spreadsheet turned a long code into a number and lost its end (1.14505E+17)."""
    return "+" in text and "E+" in text.upper() and _DAMAGED.fullmatch(text) is not None


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run this text if it were typed in (=cmd|'/c calc'!A0, +HYPERLINK(…), @SUM(…))."""
    return text[:1] in "=+-@" and _FORMULA.match(text) is not None and _DIALLED.fullmatch(text) is None


def is_failed_formula(text: str) -> bool:
    """Tell whether a spreadsheet shows this where a formula went wrong."""
    return text[:1] in ("#", "E", "错") and _FAILED.fullmatch(text) is not None


def stand_in(text: str) -> Literal["failed", "ditto", "filler", ""]:
    """Name what stands where content should be, a failed formula, a word for the cell above, a word for nothing."""
    if is_failed_formula(text):
        return "failed"
    if is_ditto(text):
        return "ditto"
    return "filler" if is_filler(text) else ""


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """Fold for comparing, with full-width letters, digits, brackets and spaces as half-width, no blanks, lower case."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    return plain if plain.isprintable() else _ODD_SPACES.sub("", plain)


def tidied(text: str) -> str:
    """Tidy a name, with full-width letters and digits half-width and no gaps between Chinese signs.

    Chinese punctuation and single spaces stay as they are.
    """
    if text.isascii():
        return text
    if unicodedata.is_normalized("NFKC", text) and "  " not in text:
        return text.strip()
    return _CHINESE_GAP.sub("", text).translate(_NARROW_LETTERS).strip()


def tidied_code(text: str) -> str:
    """Make a code half-width and without blanks, the only changes made to a code without asking."""
    return _ODD_SPACES.sub("", unicodedata.normalize("NFKC", text))


def column_letter(index: int) -> str:
    """Name a column by its letters (0 → A, 26 → AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Read a column's letters as its number (A → 0, AA → 26)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """Name the cell of a zero-based row and column ((16, 2) → C17)."""
    return f"{column_letter(column)}{row + 1}"
