"""Cells that hold label and value (办理地点：市政务大厅 电话：…), taken apart before columns are mapped."""

import re
from typing import NamedTuple

from banshi.spreadsheets.fields import fields, known_detail_headers, known_headers, plain_header

CONTACTS = ("consult", "complaint")
REACHED = ("places", *CONTACTS)
"""Elements that say where and how an office is reached, whose parts people write into one cell."""
_LABEL = re.compile(r"[【\[]([一-鿿/、()（）]{2,12})[】\]]\s*[:：]?|([一-鿿/、()（）]{2,16})\s*[:：](?!//)")
_BOUND = re.compile(r"[\s;；。,，、|】\])）\d楼号室厅层座内旁侧.．]")
"""What a label may follow."""
_NEXT_NUMBER = re.compile(r"[\s;；。]*(?:\d{1,2}[.、．]|[(（][\d一二三四五六七八九十]{1,2}[)）]|[①-⑳])?\s*$")
_EDGES = " \t\n\u3000;；,，、|"
HOURS = re.compile(
    r"周[一二三四五六日末]|星期|上午|下午|\d{1,2}[:\uff1a时点]\d{0,2}|节假日|上班时间|全天|24小时|^\d{1,2}[-—–~～至](?:1[2-9]|2[0-4])$"
)
PARTS_OF_CONTACT = {
    "电话": "phone",
    "手机": "phone",
    "热线": "phone",
    "地址": "address",
    "地点": "address",
    "网址": "url",
}


class LabelledPart(NamedTuple):
    label: str
    target: str
    text: str

    @property
    def title(self) -> str:
        """A header by which columns of its own are known."""
        return fields()[self.target].label.replace("·", "") if "." in self.target else self.label


def labelled_parts(text: str, root: str = "") -> tuple[str, list[LabelledPart]]:
    """Cut a text at the labels of elements in it, into what stands before them and the parts."""
    found: list[tuple[int, int, str, str]] = []
    labelled = ":" in text or "：" in text or "】" in text or "]" in text
    for mark in _LABEL.finditer(text) if labelled else ():
        run, start = mark[1] or mark[2], mark.start(1) if mark[1] else mark.start(2)
        for skipped in range(len(run) - 1):
            at = start + skipped
            bound = mark[1] or at == 0 or _BOUND.match(text[at - 1])
            target = _target(plain_header(run[skipped:]), root) if bound else ""
            if target:
                found.append((mark.start() if mark[1] else at, mark.end(), run[skipped:], target))
                root = target.partition(".")[0]
                break
            if mark[1]:
                break
    ends = [*(start for start, *_ in found[1:]), len(text)][: len(found)]
    parts = []
    for (_, begin, label, target), end in zip(found, ends, strict=True):
        said = _NEXT_NUMBER.sub("", text[begin:end]).strip(_EDGES)
        if target == "promised_limit" and "时间" in label and HOURS.search(said):
            target = "places.hours"
        parts.append(LabelledPart(label, target, said))
    return _NEXT_NUMBER.sub("", text[: found[0][0]]).strip(_EDGES) if found else text, parts


def _target(label: str, root: str) -> str:
    """Return what a label names, where the element it follows has a part of that name."""
    if root == "places":
        part = ".hours" if label == "时间" else known_detail_headers("places").get(label, "")
        if part.startswith("."):
            return f"places{part}"
    if root in CONTACTS and label in PARTS_OF_CONTACT:
        return f"{root}.{PARTS_OF_CONTACT[label]}"
    return known_headers().get(label, "")
