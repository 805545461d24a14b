"""Doubts that a new item or code repeats another, told before it is made."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from banshi.catalog.codes import ReadCode, read_code
from banshi.catalog.models import Item, ReferenceItem
from banshi.core.errors import Conflict
from banshi.people.models import Organ

FILLERS = re.compile(
    r"(?:遗失|挂失|丢失|损毁|损坏|灭失)(?:后|的)?(?=[补换])|办理|申请|申领|审核|事项|服务|业务|[^\w]|[的和及与或]"
)
SHORT = (("社会保障", "社保"), ("证书", "证"), ("补办", "补发"), ("补领", "补发"), ("换领", "换发"))
SIGNS = re.compile(r"\d+|[〇零一二三四五六七八九十百千万]+|.")
"""A number is one sign: 2021 and 2012 are not the same in another order."""
TURNS = re.compile(
    r"补(?:发|证|(?=换))|换(?:发|证|(?=补))|变更|更正|更名|注销|撤销|延续|延期|续期|挂失|解挂|恢复|中止|终止|停止|暂停|转入|转出"
)
"""Acts of which one name may say several (补发、换发)."""
UNLIKE = 45
"""Likeness of names (0-100) below which a code of the one is hardly the other's."""
GONE = ("cancelled", "merged")


class Doubt(NamedTuple):
    """A sentence, and the item it speaks of, where there is one."""

    message: str
    item: Item | None = None


class Doubted(Conflict):
    """Raised before something is made that may repeat what is there."""

    def __init__(self, doubts: list[Doubt]) -> None:
        super().__init__(doubts[0].message, remedy="核对过不是同一事项的，请点“核对过了，照填写的保存”。")
        self.doubts = doubts


def name_key(name: str) -> frozenset[str]:
    """Reduce a name to its signs without order, marks and fillers (补发、换发 is 补换发, 补领结婚证 is 结婚证补领)."""
    return frozenset(SIGNS.findall(_short(name)))


def thing_and_turns(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Tell what a name is about from what it does with it: (教师资格证, 补 and 换)."""
    text = _short(name)
    turns = frozenset(each[0] if each[0] in "补换" else each for each in TURNS.findall(text))
    return frozenset(SIGNS.findall(TURNS.sub("", text) if turns else text)), turns


def overlap(name: str, turns: frozenset[str], other: str, others: frozenset[str]) -> str:
    """Say that of two names about one thing one holds what the other does, where it is so."""
    if turns and others and turns < others:
        return f"{other}里已经包含“{name[:40]}”"
    if turns and others and others < turns:
        return f"“{name[:40]}”里包含了{other}"
    return ""


def _short(name: str) -> str:
    text = unicodedata.normalize("NFKC", name)
    for long, short in SHORT:
        text = text.replace(long, short)
    return FILLERS.sub("", text)


def doubts_about(organ: Organ, *, name: str, code: str, besides: Item | None = None) -> list[Doubt]:
    """List doubts about an item of this name and code, whether new or (`besides`) there already."""
    read = read_code(code, {organ.uscc} - {""})
    found = [
        *_namesakes(organ, name, besides),
        *_codes_taken(read, besides),
        *reference_doubts([(name, read)]).values(),
    ]
    if told := foreign_code(read, organ, Organ.objects.filter(uscc=read.uscc) if read.uscc else ()):
        found.append(told)
    return found


def _namesakes(organ: Organ, name: str, besides: Item | None) -> Iterable[Doubt]:
    key = name_key(name)
    thing, turns = thing_and_turns(name)
    others = Item.objects.filter(organ=organ).exclude(state__in=GONE).exclude(pk=besides.pk if besides else 0)
    for each in others.only("guid", "name", "organ", "state") if key else ():
        if name_key(each.name) == key:
            yield Doubt(f"本单位已有“{each.name}”，像是同一事项", each)
            continue
        same_thing, its_turns = thing_and_turns(each.name)
        if same_thing == thing and (told := overlap(name, turns, f"本单位已有的“{each.name}”", its_turns)):
            yield Doubt(f"{told}，请核对要不要另设", each)


def _codes_taken(read: ReadCode, besides: Item | None) -> Iterable[Doubt]:
    others = Item.objects.filter(code=read.text).exclude(state__in=GONE).exclude(pk=besides.pk if besides else 0)
    for each in others.select_related("organ")[:3] if read.text else ():
        yield code_taken(read.text, each)


def code_taken(code: str, other: Item) -> Doubt:
    return Doubt(f"编码“{code}”已经是{other.organ}“{other.name}”的", other)


def foreign_code(read: ReadCode, organ: Organ, owners: Iterable[Organ]) -> Doubt | None:
    """Doubt a code that carries the credit code of another organ.

    `owners` are those that have it.
    """
    if not read.uscc or not organ.uscc or read.uscc == organ.uscc:
        return None
    whose = next(iter(owners), None)
    said = f"是“{whose}”的" if whose else f"不是“{organ}”的"
    return Doubt(f"编码里的信用代码{said}，请核对编码是不是本单位的")


def reference_doubts(asked: Iterable[tuple[str, ReadCode]]) -> dict[tuple[str, str], Doubt]:
    """List doubts, by name and base code, where the base code is that of a reference item called quite otherwise."""
    from rapidfuzz import fuzz

    pairs = {(name, read.base_code) for name, read in asked if name and read.base_code}
    codes = {base for _, base in pairs}
    names = dict(ReferenceItem.objects.filter(base_code__in=codes).values_list("base_code", "name")) if codes else {}
    return {
        (name, base): Doubt(f"基本编码 {base} 在参考目录里是“{names[base]}”的，与“{name}”不同")
        for name, base in sorted(pairs)
        if base in names and fuzz.ratio(name, names[base]) < UNLIKE
    }
