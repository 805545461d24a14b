"""Resolve citations against the register of laws: the law named, its version on a day, and whether its articles exist."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from banshi.law.numerals import numeral

STATE = "中华人民共和国"
_BRACKETS = str.maketrans("（）[]【】〈〉", "()〔〕〔〕《》")
_EDITION = re.compile(
    r"\((?:\d{4}年?)?(?:\d{1,2}月)?(?:第[一二三四五六七八九十]+次)?(?:最新)?(?:修正|修订|修改|公布|发布|施行|版)(?:版|本|文本)?\)$"
)
_NAMES_OF_STATE_COUNCIL = re.compile(r"^(?:中华人民共和国国务院|国务院|国)(?=令)")
_ORDER_FIRST = re.compile(r"^(.{0,20}?)第(\d+)号(?:主席|国务院)?令$")
_ARTICLE = re.compile(r"第\s*([零〇一二三四五六七八九十百千两0-9]{1,9})\s*条")
_RANGE = re.compile(
    r"第\s*([零〇一二三四五六七八九十百千两0-9]{1,9})\s*条?\s*(?:至|到|—+|－|-|~|～)\s*第?\s*([零〇一二三四五六七八九十百千两0-9]{1,9})\s*条"
)
_SHARED = re.compile(
    r"第\s*((?:[零〇一二三四五六七八九十百千两0-9]{1,9}\s*[、，,和及与]\s*)+[零〇一二三四五六七八九十百千两0-9]{1,9})\s*条"
)


class Force(StrEnum):
    """State of a law on a day. UNKNOWN where the register does not say."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a law. `articles`: how many it has, 0 where it is not known."""

    since: date | None = None
    articles: int = 0
    promulgated: date | None = None


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
            if key := number_key(law.doc_no):
                numbers.setdefault(key, []).append(law)
        return numbers

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
            known = self._memory[asked] = self._resolved(title, doc_no, articles, day)
        return known

    def _resolved(self, title: str, doc_no: str, articles: str, day: date) -> Resolution:
        number = number_key(doc_no)
        namesakes = self._by_name.get(name_key(title), [])
        by_number = not namesakes
        if not namesakes:
            alone = number_key(title)
            numbered = self._by_number.get(alone) or (
                self._by_number.get(number) if name_key(title) in ("", alone) else None
            )
            namesakes = numbered if numbered and len(numbered) == 1 else []
        if "〔" in number:  # documents are reissued under their old title; orders (令) keep theirs through amendments
            namesakes = [each for each in namesakes if number_key(each.doc_no) in (number, "")]
        if not namesakes:
            return UNKNOWN
        law = min(
            namesakes,
            key=lambda each: (
                bool(number) and number_key(each.doc_no) != number,
                each.force_on(day) is not Force.IN_FORCE,
                -(each.since or date.min).toordinal(),
            ),
        )
        version = law.version_on(day)
        last = version.articles if version else 0
        missing = tuple(n for n in cited_articles(articles) if n > last) if last else ()
        return Resolution(law, law.force_on(day), version, missing, by_number)


def name_key(title: str) -> str:
    """Reduce a title to what names the law: no 《》, no state's name, no edition in brackets, one kind of brackets."""
    key = re.sub(r"\s+", "", title).translate(_BRACKETS)
    while key.startswith("《") and key.endswith("》") and key.count("《") == 1:
        key = key[1:-1]
    key = _EDITION.sub("", key)
    if key.endswith(")") and "(" in key and number_key(key[key.rindex("(") + 1 : -1]):
        key = key[: key.rindex("(")]
    if key.startswith("《") and key.endswith("》") and key.count("《") == 1:
        key = key[1:-1]
    return key.removeprefix(STATE)


def number_key(doc_no: str) -> str:
    """Reduce a document number to one spelling.

    Empty when it is none.
    """
    key = re.sub(r"\s+", "", doc_no).translate(_BRACKETS).strip("()")
    key = key.split(",")[0].split("，")[0].split("、")[0]
    key = re.sub(r"(号)(?:公布|发布|修订|修改|修正|令?\(?\d{4}.{0,4})$", r"\1", key)
    key = _NAMES_OF_STATE_COUNCIL.sub("国务院", key).removeprefix(STATE)
    if order := _ORDER_FIRST.match(key):
        key = f"{order[1]}令第{order[2]}号"
    key = re.sub(r"令(?:〔?\d{4}〕?年?)?第?(\d+)号$", r"令\1号", key)
    key = re.sub(r"[〔(](\d{4})[〕)]第?0*(\d+)号?$", r"〔\1〕\2号", key)
    return key if re.search(r"令\d+号$|〔\d{4}〕\d+号$", key) else ""


def cited_articles(text: str) -> list[int]:
    """Read the numbers of articles (第十条、第十二条至第十五条), of a range its two ends, in rising order."""
    found: list[str] = [part for match in _RANGE.findall(text) for part in match]
    found += _ARTICLE.findall(text)
    found += [part for match in _SHARED.findall(text) for part in re.split(r"\s*[、，,和及与]\s*", match)]
    numbers = set()
    for each in found:
        with suppress(ValueError):
            numbers.add(numeral(each))
    return sorted(numbers)
