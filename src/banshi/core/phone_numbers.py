"""Telephone numbers as people write them, with blanks or dashes anywhere (139 1234 5678, 0577-8888-6666)."""

import re
import unicodedata

_NUMBER = re.compile(
    r"(?<![\d.])(?<!邮编)(?<!编码)(?<!编码:)(?<!邮编:)(?<!编号)(?<!编号:)"
    r"(?:(?:\+|00)86[-\s]?)?[(]?\d(?:[-\s()]{0,2}\d){4,13}(?:\s*(?:转|分机)\s*\d{1,6})?(?!\d)"
    r"(?!\s*(?:号|室|楼|栋|幢|元|年|月|米|层|座|单元|弄|街|路|份|人|项))"
)
_CODE, _WORDS = r"(0(?:10|2\d|[3-9]\d{2}))", r"[^()\d,，、;；。/]"
_CODE_APART = re.compile(
    rf"[(]?{_WORDS}{{0,8}}区号(?:[均都]?[为是:])?\s*{_CODE}[-\s]*{_WORDS}{{0,4}}[)]?"
    rf"|[(]?{_WORDS}{{0,8}}加[拨打]?\s*{_CODE}(?![-\s]?\d){_WORDS}{{0,4}}[)]?"
    rf"|(?<=\d)[(]{_CODE}[)](?![-\s]?\d)"
)
_LOCAL = re.compile(r"(?<![\d-])(?<!\d[\s)])(?<!转)(?!400|800)[2-8]\d{2,3}[-\s]?\d{4}(?![-\s]?\d)")
_EMERGENCY = re.compile(r"11[09]|12[02]")
_AROUND = re.compile(
    r"(?:区号[为是:\s]*0\d{2,3}|(?:联系|咨询|投诉|监督|举报|服务|办公|值班|窗口|固定|移动)?(?:电话|手机|座机|热线|传真|号码|方式)(?:号码?)?|工作日|\d{1,2}:\d\d[-~至]\d{1,2}:\d\d|[\s:、,;/|()。或转和])+"
)


def holds_phone(text: str) -> bool:
    """Tell whether a telephone number stands in the text, house numbers, postcodes and amounts not counted."""
    plain = _plain(text)
    return any(map(_counts, _NUMBER.findall(plain))) or bool(_EMERGENCY.fullmatch(plain.strip()))


def is_phone(text: str) -> bool:
    """Tell whether the text is nothing but telephone numbers, with words like 电话 around them."""
    return holds_phone(text) and not _AROUND.sub("", _EMERGENCY.sub("", _NUMBER.sub("", _plain(text))))


def with_area_code(text: str) -> str:
    """Write the area code before the numbers where it stands apart (88886666（区号0577） is 0577-88886666)."""
    plain = _plain(text)
    apart = "区号" in plain or "加" in plain or "(0" in plain
    if not apart or not (said := _CODE_APART.search(plain)):
        return text
    code = next(filter(None, said.groups()))
    beside = f"{plain[: said.start()]} {plain[said.end() :]}".strip(" ,，、;；:。")
    return _LOCAL.sub(rf"{code}-\g<0>", beside)


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return re.sub(r"[‐-―－–]", "-", unicodedata.normalize("NFKC", text))


def _counts(number: str) -> bool:
    digits = "".join(filter(str.isdecimal, number))
    return 5 <= len(digits) <= 18 and not (len(digits) == 5 and digits[0] not in "19")
