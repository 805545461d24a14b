"""Detection of personal data in words that are to be published."""

import re
from collections.abc import Iterable

SIGNS = {
    "身份证号": re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"),
    "手机号": re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
    "邮箱": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "银行卡号": re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"),
    "车牌号": re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·・ ]?[A-Z0-9]{5,6}(?![A-Z0-9])"
    ),
    "门牌号": re.compile(r"\d+[号栋幢]\d*[栋幢楼单元]*\d*[室户](?!数)"),
    "办件或诉求的编号": re.compile(r"(?<![A-Za-z0-9])S20\d{9,}"),
}
"""Personal data by what it is called. Offices' own telephones (0xxx-xxxxxxx, 12345) are none."""


def personal_data_in(text: str, *, people: Iterable[str] = ()) -> list[str]:
    """Name the kinds of personal data in a text, and of `people` those whose names stand in it."""
    found = [label for label, sign in SIGNS.items() if sign.search(text)]
    return found + [f"“{name}”" for name in people if len(name) > 1 and name in text]
