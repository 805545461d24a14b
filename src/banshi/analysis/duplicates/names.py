"""Parsing of item names into objects and acts.

As the field reads names: 社会保障卡补领 is an object (社会保障卡) and an act (补领). Words for acts and objects, their synonyms and
what excludes one another are lists officials own (`data/rulebook/acts.toml`, `objects.toml`). Order of words and
joining words say nothing: 结婚证补领 = 补领结婚证, 甲与乙互转 = 乙与甲互转.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

from rapidfuzz.distance import Indel

from banshi.people.models import Division
from banshi.rulebook.word_lists import Words, any_of, shipped_words

LONGEST = 300
"""Signs of a name that are read, as many as an item's name may have; what is longer tells itself apart by its digest."""
REMEMBERED = 50_000
MARKS = str.maketrans(
    dict.fromkeys("《》〈〉“”\"'‘’「」『』【】 \t\r\n\u3000") | {"[": "(", "]": ")", "〔": "(", "〕": ")"}
)
BRACKET = re.compile(r"\(([^()]*)\)")
LEVEL = re.compile(r"(?:[省市区县镇乡]级?[/、和及]?)+(?:行使|权限|本级)?|.*(?:行使|权限)|含.*|不含.*|原.*|适用.*")
PAPER = re.compile(r"(?:证明书|公证书|证明|证书|执照|许可证|户口簿|通知书|决定书|意见书|批复|凭证|证|卡)$")
TENS = re.compile(r"[一二三四五六七八九]?十[一二三四五六七八九]?(?=周?岁|年|日|天|人|万)")
DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
SIGNS = re.compile(r"\d+|[〇零一二三四五六七八九十百千万]+|.")
"""A number is one sign: 12 and 21 are not the same in another order."""
NUMBER = re.compile(r"\d+")
WHOLE_NAME = 6
"""Signs from which what stands in brackets may be the item's whole name (异地就医备案(异地长期居住人员备案))."""


@dataclass(frozen=True, slots=True)
class NameMeaning:
    """`object` as it is written without acts.

    `key` the same without regard to order. `acts` tell which errand it is, `business` of what nature (登记, 备案 …).
    `qualifiers` are words that exclude others (个人/单位). `paper` its last word.
    """

    object: str
    key: str
    acts: frozenset[str]
    business: frozenset[str]
    qualifiers: tuple[str, ...]
    paper: str

    @property
    def act(self) -> str:
        """Return the act in words.

        What is not said is 办理.
        """
        return "、".join(sorted(self.acts) or sorted(self.business)) or "办理"


def clean(name: str) -> str:
    """Return the name without spaces, quotation marks and differences of width."""
    text = unicodedata.normalize("NFKC", name[:LONGEST].translate(MARKS)).translate(MARKS)
    if len(name) > LONGEST:
        text += blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return text.casefold()


class Reader:
    """Reads names with one set of word lists. `places` are names of divisions that say nothing in front of a name."""

    def __init__(self, words: Words, places: Iterable[str] = ()) -> None:
        lists = words.lists
        self.act_of = {word: (act["name"], act["role"]) for act in lists["item_acts"] for word in act["words"]}
        self.acts = any_of(self.act_of)
        self.spelling = {word: row["words"][0] for row in lists["item_objects"] for word in row["words"]}
        self.spellings = any_of(self.spelling)
        self.fillers = any_of(lists["name_fillers"])
        self.light = re.compile(f"(?:{any_of(lists['item_light']).pattern})*")
        self.asides = set(lists["name_asides"])
        groups: dict[str, list[int]] = {}
        for number, row in enumerate(lists["item_contrasts"]):
            for word in row["words"]:
                groups.setdefault(word, []).append(number)
        self.contrast_of = groups
        self.contrasts = any_of(self.contrast_of)
        self.place = _place(lists["name_organs"], [*lists["name_places"], *filter(None, places)])
        self.readings = lru_cache(REMEMBERED)(self.read)

    def meaning(self, name: str) -> NameMeaning:
        return self.readings(name)[0]

    def read(self, name: str) -> tuple[NameMeaning, ...]:
        """Read the meanings of a name, the likeliest first.

        More than one when brackets hold a name of their own.
        """
        return tuple(dict.fromkeys(map(self._meaning, self._wordings(clean(name)))))

    def _wordings(self, text: str) -> Iterator[str]:
        kept = BRACKET.sub(self._without_aside, text)
        inner = BRACKET.search(kept)
        if inner is None or len(inner[1]) < WHOLE_NAME:
            yield kept
            return
        outer = kept[: inner.start()] + kept[inner.end() :]
        if set(self.acts.sub("", inner[1])) <= set(outer):
            yield outer
        else:
            yield kept
        if self.acts.search(inner[1]):
            yield inner[1]
        elif inner[1][:2] == outer[:2]:
            yield inner[1] + "".join(self.acts.findall(outer))

    def _without_aside(self, found: re.Match[str]) -> str:
        return "" if found[1] in self.asides or LEVEL.fullmatch(found[1]) else found[0]

    def _meaning(self, wording: str) -> NameMeaning:
        spelled = self.spellings.sub(self._spelled, TENS.sub(_number, self.place.sub("", wording)))
        acts: set[str] = set()
        business: set[str] = set()
        said = {"turn": acts, "business": business}

        def told(found: re.Match[str]) -> str:
            act, role = self.act_of[found[0]]
            if role in said:
                said[role].add(act)
            return ""

        left = self.acts.sub(told, spelled.replace("(", "").replace(")", ""))
        thing = self.place.sub("", self.fillers.sub("", left)) or spelled
        qualifiers = tuple(sorted(set(self.contrasts.findall(thing))))
        paper = PAPER.search(thing)
        key = "\x1f".join(sorted(SIGNS.findall(thing)))
        return NameMeaning(thing, key, frozenset(acts), frozenset(business), qualifiers, paper[0] if paper else "")

    def _spelled(self, found: re.Match[str]) -> str:
        return str(self.spelling[found[0]])

    def apart(self, one: NameMeaning, other: NameMeaning) -> tuple[str, str] | None:
        """Find two words or numbers of the objects that exclude one another."""
        here, there = set(NUMBER.findall(one.object)), set(NUMBER.findall(other.object))
        if here and there and not here & there:
            return min(here), min(there)
        if one.qualifiers == other.qualifiers:
            return None
        mine, theirs = self._sorted(one.qualifiers), self._sorted(other.qualifiers)
        for group in mine.keys() & theirs.keys():
            if not mine[group] & theirs[group]:
                return min(mine[group]), min(theirs[group])
        return None

    def differ_lightly(self, one: NameMeaning, other: NameMeaning) -> bool:
        """Tell whether the objects differ only by words that seldom make another item."""
        changes = Indel.opcodes(one.object, other.object)
        parts = (
            text
            for each in changes
            if each.tag != "equal"
            for text in (one.object[each.src_start : each.src_end], other.object[each.dest_start : each.dest_end])
        )
        return all(map(self.light.fullmatch, parts))

    def _sorted(self, words: Iterable[str]) -> dict[int, set[str]]:
        groups: dict[int, set[str]] = {}
        for word in words:
            for group in self.contrast_of[word]:
                groups.setdefault(group, set()).add(word)
        return groups


def _place(organs: list[str], places: list[str]) -> re.Pattern[str]:
    """Match country, province and other places before a name, levels, and the organ whose list it comes from."""
    # 对 too.
    organ = rf"[省市区县]?(?:{any_of(organs).pattern})(?:局|委|厅|委员会)"
    return re.compile(
        rf"^(?:(?:{any_of(places).pattern})|[省市区县]级(?!以)|{organ})+(?=.{{2}})|^对(?!外(?!国人))|^关于"
    )


def _number(found: re.Match[str]) -> str:
    tens, _, ones = found[0].partition("十")
    return str(10 * DIGITS.get(tens, 1) + DIGITS.get(ones, 0))


@cache
def shipped_reader() -> Reader:
    return Reader(shipped_words())


def reader_of_the_place() -> Reader:
    """Make a reader with the names of the divisions this installation knows."""
    return Reader(shipped_words(), Division.objects.values_list("name", flat=True))
