"""Proof names resolved to proofs.

Names are first made plain (brackets of copies, 《》, “原件及复印件” off), then looked up in the proof dictionary
(`data/rulebook/proof-dictionary.toml`, which officials own). What only resembles an entry is matched but called
doubtful. A name the dictionary does not know is a proof of its own.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words

ALIKE = 90
"""rapidfuzz ratio from which two plain names of four signs or more are taken for one, with doubt."""

SIDES = re.compile(r"[《》〈〉“”\"'「」\s]")
COPIES = re.compile(
    r"[（(](?:正?副本|正本|原件|复印件|原件[及和、]?复印件|复印件[及和、]?原件|正反面|首页[及和]本人页|[^）)]{0,6}份|如有|可选|电子版|扫描件|加盖公章)[^）)]*[）)]"
    r"|(?:的)?(?:(?:正反面|首页[及和、]本人页)(?:的)?(?=复印件|原件|扫描件))?(?:原件[及和、]?复印件|复印件[及和、]?原件|原件|复印件|扫描件|正副本|副本|正本)(?:各?[一二三四五六\d]+份)?$|[一二三四五六\d]+[份张]$"
)
APART = re.compile(r"[（(][^（）()]*[）)]")
"""What stands in brackets: whose, or which."""
MARKS = "、,，。;；:：()（）"
OWNERS = re.compile(
    r"^(?:申请人|本人|当事人|双方|被继承人|继承人|代办人|经办人|法定代表人|监护人|父母|夫妻(?:双方)?)(?:的)?(?:有效)?|^有效(?:的)?"
)


@dataclass(frozen=True, slots=True)
class ProofMeaning:
    """The proof a name stands for. `doubt` says why the match is not sure, or "" when it is."""

    proof: str
    doubt: str = ""


@dataclass(frozen=True)
class Dictionary:
    """Proofs and their other names. `names` maps every plain name to its proof."""

    names: dict[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    kept: dict[str, ProofMeaning] = field(default_factory=dict, compare=False)

    def exact(self, name: str) -> str:
        """Return the proof by its name alone, whosever it is.

        What the dictionary does not know, made plain.
        """
        alone = plain(APART.sub("", name))
        return self.names.get(plain(name)) or self.names.get(alone) or alone

    def meaning(self, name: str) -> ProofMeaning:
        if name not in self.kept:
            self.kept[name] = self._meaning(plain(name))
        return self.kept[name]

    def _meaning(self, name: str) -> ProofMeaning:
        if proof := self.names.get(name):
            return ProofMeaning(proof)
        for pattern, proof in self.patterns:
            if pattern.fullmatch(name):
                return ProofMeaning(proof)
        for form in _other_forms(name):
            if proof := self.names.get(form):
                return ProofMeaning(proof, f"“{name}”按“{proof}”看，请核对" if name.endswith("说明") else "")
        from rapidfuzz import fuzz, process

        near = (
            process.extractOne(name, self.names.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
            if len(name) >= 4
            else None
        )
        if near is None or differs_in_kind(name, near[0]):
            # `plain` took the other half of an open bracket off.
            closed = name + ("）" if "（" in name and "）" not in name else "")
            closed = PERMITTED.sub("证", closed)
            closed = OPINION.sub("书", PASSED.sub("证明", OF_A_PAPER.sub("", closed)))
            return ProofMeaning(RECORDED.sub("备案证明", TOLD.sub("证明", closed)) if len(name) > 5 else closed)
        return ProofMeaning(self.names[near[0]], f"“{name}”与“{near[0]}”相近，按同一证明看，请核对")


TOLD = re.compile(r"情况(?:的)?(?:书面)?说明$|(?:情况)?证明(?:材料|文件|资料|书|信|函)?$")
"""Endings by which one office calls a telling what another calls a proof."""
RECORDED = re.compile(r"(?:登记备案|备案登记|备案)(?:登记)?(?:表|证明|证|凭证|回执|单|通知书)?$")
"""Endings of what an office hands out for what was put on record with it."""
PASSED = re.compile(r"(?<=合格|检验|检测|验收|检疫|结业|培训)(?:证书|证)$")
"""Endings of what tells that something was passed, which offices call 证书 or 证明."""
OPINION = re.compile(r"(?<=意见)(?:函|单|表)?$")
PERMITTED = re.compile(r"(?<=..许可)$")
OF_A_PAPER = re.compile(r"(?<=[^目])的(?=(?:证明|说明|意见|报告|方案)(?:书|函|单|表)?$)")
WHOSE = re.compile(r"^(?:城乡居民|居民|公民|辖区居民|本辖区|辖区|村民|个人|城镇|农村|本市|本地)+")


def _other_forms(name: str) -> list[str]:
    """Spell a name as others would: without whose it is, as a proof in place of a telling, with or without 情况."""
    bare = WHOSE.sub("", name)
    forms = [bare]
    if TOLD.search(bare):
        forms += [TOLD.sub(end, bare) for end in ("证明", "情况证明")]
    return [form for form in forms if len(form) > 2]


def plain(name: str) -> str:
    """Strip a material's name of what does not tell proofs apart."""
    bare = OWNERS.sub("", COPIES.sub("", SIDES.sub("", name)))
    bare = COPIES.sub("", bare).strip(MARKS)
    return bare or SIDES.sub("", name)


def differs_in_kind(one: str, other: str) -> bool:
    """Tell whether 无/未/非/不 stands on one side only, and so turns a proof into its opposite (已婚证明, 未婚证明)."""
    return any((sign in one) != (sign in other) for sign in "无未非不离结生死")


def dictionary_of(rows: Iterable[dict[str, object]]) -> Dictionary:
    names: dict[str, str] = {}
    patterns = []
    for row in rows:
        proof = str(row["name"])
        also = row.get("also", [])
        assert isinstance(also, list)
        for name in (proof, *map(str, also)):
            if names.setdefault(plain(name), proof) != proof:
                raise BadInput(
                    f"证明词典里“{name}”属于两种证明：{names[plain(name)]}、{proof}", where="proof-dictionary.toml"
                )
        if row.get("pattern"):
            patterns.append((re.compile(str(row["pattern"])), proof))
    return Dictionary(names, tuple(patterns))


def read_dictionary(path: Path) -> Dictionary:
    try:
        return dictionary_of(tomllib.loads(path.read_text(encoding="utf-8"))["proofs"])
    except (tomllib.TOMLDecodeError, KeyError, re.error) as error:
        raise BadInput(f"证明词典写得不对：{in_words(error)}", where=path.name) from error


@cache
def shipped_dictionary() -> Dictionary:
    return read_dictionary(settings.DATA / "rulebook" / "proof-dictionary.toml")


MAKES = re.compile(
    r"^(?P<proof>.{2,30}?)(?:的)?(?:首次)?(?:开具|出具|核发|发放|换发|补发|补领|换领|申领|领取|办理|制发|签发|打印|补办|换证|补证|登记|查询|盖章|申请|受理)(?:办理)?(?:服务)?$"
    r"|^(?:开具|出具|办理|申领|打印|核发|补办|补领|换领)(?P<second>.{2,30})$"
)
IS_PAPER = re.compile(
    r"(?:证|证明|证件|书|表|卡|单|函|簿|户口本|存折|执照|批复|批文|介绍信|说明|材料|文件|资料|记录|回执|报告|清单|名单|凭据|凭证|票据|收据|发票"
    r"|协议|合同|章程|决议|声明|意见|方案|档案|病历|护照|照片|流水|复印件|原件|副本|小结|明细|图纸|台账|手册|截图|结论|底册|公告|证明信|决定)$"
)
GIVEN = re.compile(rf"(?:{IS_PAPER.pattern})|..许可$")
NO_NAME = frozenset(
    {
        "证明",
        "证书",
        "证件",
        "批文",
        "材料",
        "书面材料",
        "情况说明",
        "回执",
        "报告",
        "证明材料",
        "相关证明",
        "记录",
        "办理结果",
    }
)
"""Results that name no paper: the item's own name tells more."""


TELLINGS = frozenset({"情况说明", "报告", "回执"})
"""Of those, what an office that is named with it is asked for."""

BY_AN_OFFICE = re.compile(
    r"^(?:村（?居）?民?委员会|居民委员会|村民委员会|村委会|居委会|社区|村（社区）|派出所|公安机关|为(?:居民|群众|村民))(?=出具|开具|打印)"
)


def made_by(name: str, result_name: str, dictionary: Dictionary) -> ProofMeaning | None:
    """Name the proof an item gives out, by its result, else by its name.

    None when it gives no paper.
    """
    on_record = RECORDED.fullmatch(plain(result_name))
    if result_name and not on_record and plain(result_name) not in NO_NAME and GIVEN.search(plain(result_name)):
        return dictionary.meaning(result_name)
    found = MAKES.match(name := BY_AN_OFFICE.sub("", name))
    made = (found["proof"] or found["second"]) if found else name
    if not found and (on_record or not result_name) and RECORDED.search(name) and len(name) > 5:
        made = f"{name}证明"
    if plain(made) in dictionary.names or (IS_PAPER.search(made) and (found or made.endswith("证明"))):
        meaning = dictionary.meaning(made)
        return ProofMeaning(
            meaning.proof, meaning.doubt or ("" if result_name else f"指南没写结果，按名称“{name}”推断")
        )
    if plain(result_name) in TELLINGS:
        return ProofMeaning(plain(result_name), f"结果只写“{plain(result_name)}”，请核对是哪一份")
    return None
