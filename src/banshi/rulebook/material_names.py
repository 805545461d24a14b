"""Parse material names into conjunctive normal form: papers all needed, each with the alternatives that do as well."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from banshi.rulebook.proof_names import IS_PAPER, SIDES, plain, shipped_dictionary

GIVES = r"(?:出具|开具|核发|颁发|签发|提供|制发|发放|打印)"
STAMPS = r"(?:盖章|盖公章|加盖公章|签章|确认|认定|签署|审核|开)"
GIVEN_BY = re.compile(
    r"^(?:由|经|到|须由|需由)?(?P<issuer>[^，,。；;]{2,24}?)(?:依法|统一|负责)?"
    rf"(?:(?:{GIVES}|{STAMPS})[、并和及或]?)*(?:{GIVES}后?的?|{STAMPS}后?(?:的|$))(?P<paper>.*)$"
)
STANDS_FIRST = re.compile(
    r"^(?P<issuer>(?:户籍(?:所在)?地|居住地|所在地?|当地|辖区|属地)?(?:的)?(?:村（居）委会|村\(居\)委会|村（社区）|社区（村）|村民委员会|居民委员会|社区居委会|社区|村委会|居委会|村里"
    r"|村两委|派出所|公安机关|公安局|公安部门|街道办事处|街道办|民政部门|民政局|人社部门|公证处|公证机构|法院))的?(?P<paper>.{4,})$"
)
ISSUERS = {
    "村居": re.compile(r"村(?!镇银行)|居委|居民委|社区(?!卫生|医院)"),
    "公安": re.compile(r"公安|派出所|警|户籍(?:窗口|部门|科)"),
    "民政": re.compile(r"民政|婚姻登记"),
    "街镇": re.compile(r"街道|乡镇|镇政府|乡政府|镇人民政府|乡人民政府"),
    "人社": re.compile(r"人社|人力资源|社会保险|社保|就业(?:服务|局)"),
    "医疗": re.compile(r"医院|卫生院|卫生服务|医疗机构"),
    "公证": re.compile(r"公证"),
    "银行": re.compile(r"银行|信用社"),
    "法院": re.compile(r"法院"),
    "不动产": re.compile(r"不动产|自然资源|房管|住建|住房(?:和|城)"),
    "税务": re.compile(r"税务"),
    "市监": re.compile(r"市场监管|市场监督|工商"),
    "残联": re.compile(r"残联|残疾人联合会"),
    "学校": re.compile(r"学校|大学|学院|教育"),
}
"""Kinds of offices by the words in their names. Who is of none of these kinds may be any."""

ONE_OF = re.compile(
    r"(?:等(?:材料|证件|证明)?|(?:下列|以下|上述|所列)?(?:材料|证件))?(?:的)?(?:其中)?(?:之一|任一|任意一|任选其?一|任选一|[二两三四五]选一|其中一)(?:[种项个份类样])?(?:材料|证件|证明|即可|均可|提供)*"
)
ONE_OF_FOLLOW = re.compile(rf"^[^：:，；;]{{0,16}}?{ONE_OF.pattern}[^：:]{{0,8}}[：:]")
NUMBER = re.compile(r"(?:^|(?<=[；;，,。、\s：:]))(?:[（(]\d{1,2}[）)]|\d{1,2}[.．、）)](?!\d)|[①-⑳])")
BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")
SPARED = re.compile(
    r"^(?:已)?(?:有|持有?|取得|办理|能提供|提供)(?:了)?(?P<has>.{2,24}?)的?(?:人员|家庭)?[，,]?(?:可以?)?(?:不需要?|无需|无须|不用|免于|免|不再|不必)(?:再)?(?:提供|提交|出示|交|出具|开具)?(?:本?证明|本项|此项|该?材料)?(?P<need>.{0,24})$"
)
INSTEAD = re.compile(
    r"^(?:(?:没有|无法提供|不能提供|遗失|丢失|未取得|未办理|未领取|无|.{2,10}?(?:不|未|拒不|拒绝)(?:能|予|肯)?(?:提供|出具|开具))(?P<lacks>.{0,20}?)的?(?:人员)?[，,]?(?:可以?|由|应当?|须|需|则)?(?:提供|提交|凭|持|用|出具)|或(?:者)?(?:提供|提交|凭)?|(?:也|亦)?可(?:以)?(?:用|凭|提供|由))(?P<instead>.{2,30}?)(?:代替|替代|代)?$"
)
EITHER = re.compile(r"(?<!如)或(?:者)?|[/／]")
PIECES, BOTH = re.compile(r"[；;\n。]+"), re.compile(r"以及|[+＋&]|[，,]|和|及(?!格)|并(?!未|联)")
RECENT = re.compile(r"^(?:最?近|申请前)?[一二三四五六七八九十\d]+个?(?:月|年|日|天)(?:以?内)?(?:的)?")
LEADING = re.compile(r"^(?:(?:请?提供|提交|出示|携带|需|凭|有效的?|相关的?|由)+|[与和同跟].{2,12}(?:签订|签署|订立)的)")
LISTED = re.compile(r"(?:等)?(?:相关|有关)?(?:材料|资料)?等$")
OTHERS = re.compile(
    r"^(?:父母|父亲|母亲|监护人|担保人|子女|房主|房东|户主|代理人|代办人|经办人|受托人|委托人|法定代表人)(?:双方)?的?"
)
"""Somebody else, whose cards the applicant's own circle does not run through."""
SOMEBODY = re.compile(r"^(?:死者|逝者|死亡人员|新生儿|婴儿|被继承人|配偶|企业|单位|学生|残疾人)的")


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """One paper, by its bare name. `issuers`: kinds of offices named as giving it, none when nobody is named."""

    name: str
    issuers: frozenset[str] = frozenset()
    holder: str = ""
    copy: bool = False
    aliases: tuple[str, ...] = ()


Needs = tuple[tuple[NamedPaper, ...], ...]
"""Each need is met by any one of its papers."""


def issuer_kinds(text: str) -> frozenset[str]:
    return frozenset(kind for kind, words in ISSUERS.items() if words.search(text))


@lru_cache(maxsize=200_000)
def read_material(name: str, issuer: str = "") -> Needs:
    """Parse a material's name.

    `issuer` is what the guide says beside the name, and yields to what the name says.
    """
    text = name.strip()
    one_of = False
    if found := ONE_OF_FOLLOW.match(text):
        text, one_of = text[found.end() :], True
    text = NUMBER.sub("；", text)
    if not one_of and (found := ONE_OF.search(BRACKETS.sub(r"\1", text) if len(text) < 60 else text)) and found[0]:
        text, one_of = ONE_OF.sub("", text), True
    text = text.replace("（）", "").replace("()", "").strip("；;，,。、 ")
    needs: list[tuple[NamedPaper, ...]] = []
    for piece in filter(None, (each.strip() for each in PIECES.split(text))):
        if needs and (other := _other_way(piece)):
            needs[-1] += other
        else:
            needs += _pieces(piece, one_of)
    if one_of and len(needs) > 1:
        needs = [tuple(paper for need in needs for paper in need)]
    beside = issuer_kinds(issuer)
    return tuple(
        tuple(paper if paper.issuers or not beside else replace(paper, issuers=beside) for paper in need)
        for need in needs
    )


def _pieces(text: str, one_of: bool) -> list[tuple[NamedPaper, ...]]:
    """Split where every part is a paper by itself, else take the text for one paper."""
    if found := SPARED.match(text):
        return [(*_paper(found["need"] or found["has"]), *_paper(found["has"]))]
    head, *rest = re.split(r"[，,]", text, maxsplit=1)
    if rest and (other := _other_way(rest[0])):
        return [*_pieces(head, one_of)[:-1], _pieces(head, one_of)[-1] + other]
    if _known(text):
        return [_paper(text)]
    if (parts := _apart(BOTH, text)) and not (one_of and len(parts) > 1):
        return [need for part in parts for need in _pieces(part, one_of)]
    either = bool(EITHER.search(BRACKETS.sub("", text)))
    for marks in (re.compile(rf"、|{EITHER.pattern}|{BOTH.pattern}"),) if one_of or either else (re.compile("、"),):
        if parts := _apart(marks, text):
            papers = [_paper(part) for part in parts]
            return [tuple(paper for each in papers for paper in each)] if one_of or either else list(papers)
    return [_paper(text)]


def _apart(marks: re.Pattern[str], text: str) -> list[str]:
    """Split outside brackets where every part is a paper."""
    masked = BRACKETS.sub(lambda found: "\0" * len(found[0]), text)
    parts, start = [], 0
    for found in marks.finditer(masked):
        parts.append(text[start : found.start()])
        start = found.end()
    parts.append(text[start:])
    return parts if len(parts) > 1 and all(map(_is_paper, parts)) else []


def _is_paper(text: str) -> bool:
    bare = LISTED.sub("", plain(BRACKETS.sub("", text)))
    return len(bare) >= 2 and bool(IS_PAPER.search(bare) or _known(text))


def _known(text: str) -> bool:
    names = shipped_dictionary().names
    return plain(text) in names or plain(BRACKETS.sub("", text)) in names


def _other_way(text: str) -> tuple[NamedPaper, ...]:
    """Read an exemption or a substitute: the papers that do in place of the one before."""
    if found := SPARED.match(text):
        return _paper(found["has"])
    if (found := INSTEAD.match(text)) and _is_paper(found["instead"]):
        return tuple(paper for part in EITHER.split(found["instead"]) for paper in _paper(part))
    return ()


def _paper(text: str) -> tuple[NamedPaper, ...]:
    """Read one paper, and what its brackets name in its place."""
    issuers: frozenset[str] = frozenset()
    instead: tuple[NamedPaper, ...] = ()
    aliases: list[str] = []
    first = GIVEN_BY.match(SIDES.sub("", text))
    bare = text
    if not (first and BRACKETS.search(first["issuer"])):
        for inside in BRACKETS.findall(text):
            if other := _other_way(inside):
                instead += other
            elif (given := GIVEN_BY.match(inside)) and len(given["paper"]) < 2:
                issuers |= issuer_kinds(given["issuer"])
            elif IS_PAPER.search(inside) and plain(f"甲（{inside}）") != "甲":
                aliases.append(plain(inside))
        if plain(text) not in shipped_dictionary().names:
            bare = BRACKETS.sub("", text)
    bare = RECENT.sub("", LEADING.sub("", SIDES.sub("", bare)))
    for pattern in (GIVEN_BY, STANDS_FIRST):
        if (given := pattern.match(bare)) and len(given["paper"]) >= 2 and not _known(bare):
            issuers |= issuer_kinds(given["issuer"])
            bare = given["paper"]
    bare = RECENT.sub("", LISTED.sub("", bare))
    holder = OTHERS.match(bare)
    somebody = SOMEBODY.match(bare)
    if (found := holder or somebody) and len(bare) - found.end() >= 2 and not _known(bare):
        bare = bare[found.end() :]
    name = plain(bare)
    return (
        NamedPaper(name, issuers, holder[0].rstrip("的") if holder else "", "复印件" in text, tuple(aliases)),
        *instead,
    )
