"""Resolve citations against the register of laws: the law named, its version on a day, and whether its articles exist."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from banshi.law.numerals import numeral
from banshi.law.places import NUMERAL, cited_articles

STATE = "中华人民共和国"
_BRACKETS = str.maketrans("（）[]【】〖〗﹝﹞〈〉", "()〔〕〔〕〔〕〔〕《》")
_NUMBERING = re.compile(r"^(?:[(]?[\d一二三四五六七八九十]{1,2}[).、．]+|[①-⑳])(?=[《〔])")
_RANK_LABEL = re.compile(r"^[〔(][^〔〕()《》]{0,8}(?:法律|法规|规章|文件|司法解释|政策|条约)(?:依据)?[〕)]:?(?=.)")
"""The rank of a law, with which tables label its title (〔行政法规〕《…》)."""
_HISTORY = re.compile(r"(?:19|20)\d{2}年.{0,120}?(?:通过|批准|公布|发布|修正|修订|修改|施行|实施|版)")
"""How a text came about, told in brackets after its title."""
_EDITION = re.compile(
    r"\((?:(?:根据|自)?\d{4}[^()]{0,60}?)?(?:第[一二三四五六七八九十]+次)?(?:最新|新)?(?:修正|修订|修改|通过|公布|发布|施行|版)(?:版|本|文本)?\)$|\(\d{4}年?本?\)$|\((?:已|现已)?(?:废止|失效)\)$"
)
_NAMES_OF_STATE_COUNCIL = re.compile(r"^(?:中华人民共和国国务院|国务院|国)(?=令)")
_ORDER = re.compile(
    rf"^(?P<whose>.{{0,30}}?)(?:令(?:〔?(?:19|20)\d{{2}}〕?年?)?\(?(?:第(?P<bare>[{NUMERAL}]+)|第?(?P<number>[{NUMERAL}]+)号)\)?"
    rf"|(?:(?:19|20)\d{{2}}年)?\(?第?(?P<first>[{NUMERAL}]+)号\)?(?P<after>.{{0,30}}?)令)$"
)
"""An order by its number, on either side of 令 and in either kind of numerals."""
_ISSUED = re.compile(r"(?:印发|转发|批转|发布|公布|颁布|下发|颁发)《(.+)》的?(?:通知|公告|通告|命令|决定|函)?》?$")
_ISSUER_FIRST = re.compile(r"^[^《》]{2,40}(?:院|部|委|会|局|署|厅|室|府|行|人大)《(.+)》$")
_OFFICES = (
    ("人力资源和社会保障部", "人力资源社会保障部"),
    ("人社部令", "人力资源社会保障部令"),
    ("市场监管总局令", "市场监督管理总局令"),
    ("国家发展和改革委员会令", "发展改革委令"),
    ("发展改革委员会令", "发展改革委令"),
    ("住房和城乡建设部令", "住房城乡建设部令"),
)
"""Names of offices in the numbers of their orders, of which both are in use."""
SHORT_NAMES = {
    "社保法": "社会保险法",
    "身份证法": "居民身份证法",
    "计划生育法": "人口与计划生育法",
    "计生法": "人口与计划生育法",
    "治安处罚法": "治安管理处罚法",
    "治安管理法": "治安管理处罚法",
    "道交法": "道路交通安全法",
    "交通安全法": "道路交通安全法",
    "消法": "消费者权益保护法",
    "食安法": "食品安全法",
    "环保法": "环境保护法",
    "未保法": "未成年人保护法",
    "民诉法": "民事诉讼法",
    "刑诉法": "刑事诉讼法",
    "行诉法": "行政诉讼法",
    "土地法": "土地管理法",
    "老年人权益法": "老年人权益保障法",
    "妇女权益法": "妇女权益保障法",
    "残疾人法": "残疾人保障法",
    "烟草法": "烟草专卖法",
    "义教法": "义务教育法",
    "公积金条例": "住房公积金管理条例",
    "公积金管理条例": "住房公积金管理条例",
    "户口条例": "户口登记条例",
    "公开条例": "政府信息公开条例",
    "信息公开条例": "政府信息公开条例",
}
"""Short forms that only one law of the state is called by, asked when no law bears the words themselves."""


class Force(StrEnum):
    """State of a law on a day. UNKNOWN where the register does not say."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a law. `articles`: the number of its last article, 0 where it is not known.

    `doc_no` is the order that issued it as a whole, which an amendment keeps; 不详 where it got one that is not known.
    """

    since: date | None = None
    articles: int = 0
    promulgated: date | None = None
    doc_no: str = ""


@dataclass(frozen=True, slots=True)
class LawFacts:
    """A law with its versions, oldest first.

    `until` is the last day it holds. `ended` is set where that day is not known.
    """

    title: str
    doc_no: str = ""
    since: date | None = None
    until: date | None = None
    ended: bool = False
    replaced_by: str = ""
    replaced_by_no: str = ""
    versions: tuple[Version, ...] = ()
    rank: str = ""

    def force_on(self, day: date) -> Force:
        if self.ended or (self.until and self.until < day):
            return Force.ENDED
        if self.since and self.since > day:
            return Force.COMING
        if self.versions and not self.since and not any(v.since or v.promulgated for v in self.versions):
            return Force.UNKNOWN
        return Force.IN_FORCE

    def version_on(self, day: date) -> Version | None:
        """Return the newest version that holds on the day."""
        holding = [v for v in self.versions if (began := v.since or v.promulgated) and began <= day]
        return holding[-1] if holding else None

    def earlier_version(self, number: str, day: date) -> Version | None:
        """Return the text before today's that was issued by the number (a `number_key`)."""
        current = self.version_on(day)
        if not number or current is None or not current.doc_no or number_key(current.doc_no) == number:
            return None
        before = self.versions[: self.versions.index(current)]
        return next((each for each in before if number_key(each.doc_no) == number), None)

    def next_version(self, day: date) -> Version | None:
        """Return the first version that will hold after the day."""
        return next((v for v in self.versions if v.since and v.since > day), None)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A citation as the register understands it. `law` is None when nothing of that name is known."""

    law: LawFacts | None
    force: Force = Force.UNKNOWN
    version: Version | None = None
    missing: tuple[int, ...] = ()
    by_number: bool = False
    earlier: Version | None = None
    """The text before today's whose number was cited."""

    @property
    def articles(self) -> int:
        return self.version.articles if self.version else 0


UNKNOWN = Resolution(None)


@dataclass(frozen=True)
class LawRegister:
    """Laws by every name a citation may give them. Hashable by identity. Build one, keep it, ask it often."""

    laws: tuple[LawFacts, ...] = ()

    __hash__ = object.__hash__

    @cached_property
    def _by_name(self) -> dict[str, list[LawFacts]]:
        names: dict[str, list[LawFacts]] = {}
        for law in self.laws:
            names.setdefault(name_key(law.title), []).append(law)
        return names

    @cached_property
    def _by_number(self) -> dict[str, list[LawFacts]]:
        numbers: dict[str, list[LawFacts]] = {}
        for law in self.laws:
            for key in self._numbers[law]:
                if "主席令" not in key:  # orders of the president begin anew with each, and name no law
                    numbers.setdefault(key, []).append(law)
        return numbers

    @cached_property
    def _numbers(self) -> dict[LawFacts, frozenset[str]]:
        """Key the numbers of each law, those of its earlier texts too."""
        return {
            law: frozenset(filter(None, map(number_key, {law.doc_no, *(each.doc_no for each in law.versions)})))
            for law in self.laws
        }

    @cached_property
    def _memory(self) -> dict[tuple[str, str, str, date], Resolution]:
        return {}

    def resolve(self, title: str, doc_no: str = "", articles: str = "", *, day: date) -> Resolution:
        """Find the law cited and judge it on the day.

        Of namesakes the cited number decides, then force.
        """
        asked = (title, doc_no, articles, day)
        known = self._memory.get(asked)
        if known is None:
            if len(self._memory) > 200_000:
                self._memory.clear()
            known = self._resolved(title, doc_no, articles, day)
            if known is UNKNOWN and not articles and (written := WITH_PLACE.match(title)):
                known = self._resolved(written[1], doc_no, written[2], day)
            self._memory[asked] = known
        return known

    def _resolved(self, title: str, doc_no: str, articles: str, day: date) -> Resolution:
        number = number_key(doc_no) or number_in(title)
        namesakes = next((some for name in names_cited(title) if (some := self._by_name.get(name))), [])
        by_number = not namesakes
        if not namesakes:
            numbered = self._by_number.get(number_key(title)) or self._by_number.get(number)
            namesakes = numbered if numbered and len(numbered) == 1 else []
            number = number or number_key(title)
        if "〔" in number:  # documents are reissued under their old title; orders (令) keep theirs through amendments
            namesakes = [each for each in namesakes if number_key(each.doc_no) in (number, "")]
        if not namesakes:
            return UNKNOWN
        law = min(
            namesakes,
            key=lambda each: (
                bool(number) and number not in self._numbers[each],
                each.force_on(day) is not Force.IN_FORCE,
                -(each.since or date.min).toordinal(),
            ),
        )
        version = law.version_on(day)
        last = version.articles if version else 0
        missing = tuple(n for n in cited_articles(articles) if n > last) if last else ()
        return Resolution(law, law.force_on(day), version, missing, by_number, law.earlier_version(number, day))


WITH_PLACE = re.compile(r"(.{2,}?)(第[一二三四五六七八九十百千零〇\d、至—-]+条.*)$")
"""A title into which the place was written."""


def name_key(title: str) -> str:
    """Reduce a title to what names the law: no 《》, no state's name, no edition in brackets, one kind of brackets."""
    key = re.sub(r"\s+", "", title).translate(_BRACKETS).replace("：", ":")
    key = _RANK_LABEL.sub("", _NUMBERING.sub("", key))
    while key.startswith("《") and key.endswith("》") and key.count("《") == 1:
        key = key[1:-1]
    key = _without_history(_EDITION.sub("", key))
    if key.endswith(")") and "(" in key and number_key(key[key.rindex("(") + 1 : -1]):
        key = key[: key.rindex("(")]
    if key.removeprefix(STATE).startswith("《") and key.endswith("》") and key.count("《") == 1:
        key = key.removeprefix(STATE)[1:-1]
    return key.removeprefix(STATE)


def _without_history(key: str) -> str:
    """Drop the brackets at the end that tell when a text was passed, issued or amended."""
    if not key.endswith(")"):
        return key
    depth = 0
    for place in range(len(key) - 1, 0, -1):
        depth += (key[place] == ")") - (key[place] == "(")
        if depth == 0:
            return key[:place] if _HISTORY.search(key, place) else key
    return key


def number_in(title: str) -> str:
    """Read the number that stands in brackets at a title's end, or ""."""
    key = _EDITION.sub("", re.sub(r"\s+", "", title).translate(_BRACKETS)).removesuffix("》")
    return number_key(key[key.rindex("(") + 1 : -1]) if key.endswith(")") and "(" in key else ""


def names_cited(title: str) -> Iterator[str]:
    """Yield the names a cited title may mean, likeliest first.

    The title itself, the document that a notice issues (印发), the law after its issuer, and a well-known short form.
    """
    key = name_key(title)
    yield key
    if inner := _ISSUED.search(key) or _ISSUER_FIRST.match(key):
        yield name_key(inner[1])
    if key.startswith("国务院"):
        yield key.removeprefix("国务院")
    if key in SHORT_NAMES:
        yield SHORT_NAMES[key]


def number_key(doc_no: str) -> str:
    """Reduce a document number to one spelling.

    Empty when it is none.
    """
    key = re.sub(r"\s+", "", doc_no).translate(_BRACKETS).strip("()")
    key = key.split(",")[0].split("，")[0].split("、")[0]
    key = re.sub(r"(号)(?:公布|发布|修订|修改|修正|令?\(?\d{4}.{0,4})$", r"\1", key)
    key = _NAMES_OF_STATE_COUNCIL.sub("国务院", key).removeprefix(STATE)
    if order := _ORDER.match(key):
        with suppress(ValueError):
            number = numeral(order["bare"] or order["number"] or order["first"])
            key = f"{order['whose'] or order['after'] or ''}令{number}号"
            key = _NAMES_OF_STATE_COUNCIL.sub("国务院", key.removeprefix(STATE))
    for said, usual in _OFFICES:
        if key.removeprefix("国家").startswith(said):
            key = usual + key.removeprefix("国家").removeprefix(said)
    key = key.removeprefix("国家") if "令" in key else key
    key = re.sub(r"[〔(](\d{4})[〕)]第?0*(\d+)号?$", r"〔\1〕\2号", key)
    return key if re.search(r"令\d+号$|〔\d{4}〕\d+号$", key) else ""
