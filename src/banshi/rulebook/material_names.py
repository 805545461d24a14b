"""Parse material names into conjunctive normal form: papers all needed, each with the alternatives that do as well."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from banshi.rulebook.demands import VILLAGE_DENIED
from banshi.rulebook.proof_names import IS_PAPER, SIDES, plain, shipped_dictionary

GIVES = r"(?:出具|开具|核发|颁发|签发|提供|制发|发放|打印)"
STAMPS = r"(?:盖章|盖公章|加盖公章|签章|确认|认定|签署|审核|开)"
GIVEN_BY = re.compile(
    r"^(?:由|经|到|须由|需由)?(?P<issuer>[^，,。；;]{2,24}?)(?:依法|统一|负责)?"
    rf"(?:(?:{GIVES}|{STAMPS})[、并和及或]?)*(?:{GIVES}后?的?|{STAMPS}后?(?:的|$))(?P<paper>.*)$"
)
STANDS_FIRST = re.compile(
    r"^(?P<issuer>(?:户籍(?:所在)?地|居住地|所在地?|当地|辖区|属地)?(?:的)?(?:村（居）委会|村\(居\)委会|村（社区）|社区（村）|村民委员会|居民委员会|社区居委会|社区|村委会|居委会|村里"
    r"|村两委|派出所|公安机关|公安局|公安部门|街道办事处|街道办|民政部门|民政局|人社部门|公证处|公证机构|法院"
    r"|(?:用人|工作|所在|就业)单位|物业公司|房东|司法所|卫健局|镇政府|乡政府|乡镇政府))的?(?P<paper>.{4,}|介绍信|证明信|证明书|意见书)$"
)
OFFICE_FIRST = re.compile(
    r"^(?P<issuer>[^，,、。；;（）()的《]{1,14}?(?:部门|机关|政府|委员会|残联|局(?![所域])|厅(?!堂)))的?(?P<paper>.{3,})$"
)
"""An office known by its kind, before the paper it gives."""
OWN = re.compile(
    r"^(?:申请人|本人|当事人|自己)?(?:自备|自拟|自书|自写|自行(?:准备|打印|填写|书写)|书写|撰写)的?(?P<paper>.*)$"
)
SEALED = re.compile(
    r"^(?:需要?|须|应当?)?(?:加盖|盖有?)(?P<issuer>[^（）()]{2,12}?)的?(?:公章|印章|章)(?:的(?P<paper>.+))?$|^(?P<whose>[^（）()盖]{2,10})的?(?:公章|印章)$"
)
BARE_ISSUER = re.compile(
    r"(?:申请人|本人|当事人)?(?:自备|自拟|自书|自写|自行准备)|(?:(?:用人|工作|所在|所属|就业)?单位|物业(?:公司)?|公司|房东|学校|医院|社区|村委会|居委会|派出所)"
)
"""An issuer that stands in brackets alone."""
ISSUERS = {
    "村居": re.compile(r"(?<![农乡])村(?!镇银行)|嘎查|居委|居民委|社区(?!卫生|医院|矫正|民警|警务|服务中心)"),
    "公安": re.compile(r"公安|派出所|警|户籍(?:窗口|部门|科)|出入境"),
    "民政": re.compile(r"(?<!人)民政|民政局|婚姻登记|社会救助|救助管理|核对(?:机构|中心)"),
    "街镇": re.compile(r"街道|乡镇|镇政府|乡政府|镇人民政府|乡人民政府|[镇乡](?:$|社会|党政|便民|公共|农业|综合)"),
    "人社": re.compile(r"人社|人力资源|社会保险|社保|就业(?:服务|局)|劳动(?:保障|监察|仲裁)"),
    "医疗": re.compile(r"医院|卫生院|卫生服务|卫生室|医疗机构|妇幼|疾控|疾病预防|诊所"),
    "卫健": re.compile(r"卫健|卫计|卫生健康|卫生局|卫生行政|计生"),
    "医保": re.compile(r"医保|医疗保障|医疗保险"),
    "公证": re.compile(r"公证"),
    "司法": re.compile(r"司法|律师|法律援助|人民调解"),
    "银行": re.compile(r"银行|信用社"),
    "法院": re.compile(r"法院|仲裁"),
    "检察": re.compile(r"检察"),
    "不动产": re.compile(r"不动产|自然资源|房管|住建|住房(?:和|城|保障)|国土|规划"),
    "公积金": re.compile(r"公积金"),
    "税务": re.compile(r"税务"),
    "市监": re.compile(r"市场监管|市场监督|工商|市监"),
    "残联": re.compile(r"残联|残疾人联合会"),
    "学校": re.compile(r"学校|中学|小学|幼儿园|[一二三四五六]中|高中|大学|学院|教育|教体|院校|高校|党校"),
    "退役": re.compile(r"退役军人|武装部|人武"),
    "农业": re.compile(r"农业|畜牧|农机|渔业"),
    "林业": re.compile(r"林业|林草"),
    "水利": re.compile(r"水利|水务"),
    "交通": re.compile(r"交通|运管|公路"),
    "城管": re.compile(r"城管|城市管理|综合执法"),
    "生态": re.compile(r"生态环境|环保"),
    "应急": re.compile(r"应急|安监"),
    "消防": re.compile(r"消防"),
    "文旅": re.compile(r"文旅|文化|旅游|广电|文物|文广"),
    "发改": re.compile(r"发改|发展(?:和)?改革"),
    "工会": re.compile(r"工会"),
    "妇联": re.compile(r"妇联|妇女联合会"),
    "殡葬": re.compile(r"殡"),
    "民宗": re.compile(r"民宗|民族(?:事务|宗教)|宗教(?:事务)?[局委]"),
    "工信": re.compile(r"工信|经信|工业和信息化|经济和信息化"),
    "科技": re.compile(r"科技局|科技部门|科学技术"),
    "侨务": re.compile(r"侨[办联务]|归国华侨"),
    "团委": re.compile(r"团委|共青团"),
    "海事": re.compile(r"海事"),
    "园林": re.compile(r"园林|绿化"),
    "商务": re.compile(r"商务(?!中心)"),
}
"""Kinds of offices by the words in their names."""
COUNTERS = re.compile(r"政务|便民|行政审批|办事大厅|党群服务|综合窗口")
"""Counters that take matters of every office."""
INSTITUTION = re.compile(
    r"(?:单位|企业|公司|物业|房东|房主|业主|雇主|本人|自备|申请人|监护人|家长|老板|厂|店|行|校|院|所|局|馆|站|社|队|厅|处|中心|机构|机关|部门|组织|政府|协会|委员会|委|会|室|园)$"
)
ANY_OFFICE = re.compile(
    r"^(?:有关|相关|主管)单位$|^(?:国家|政府|有关|相关|主管|行业|行政|有权|法定|权威|发证|登记|审批|原|的|当地|所在地|县级以上|各级)*(?:部门|机关|机构|核发|出具|政府部门核发|其他|其它|不限|无|[-—/]*)$"
)
GENERIC = re.compile(
    r"申请人|当事人|监护人|本人|自备|自行|用人|工作|所在|所属|就业|任职|务工|单位|企业|公司|物业|房东|房主|业主|有限|责任|集团|雇主|家长|现?居住地|户籍地|所在地|当地|属地|辖区|部门|机关|机构|中心|管理|服务|委员会|人民|政府|办公室|主管|有关|相关|[省市县区]级|以上|具有?资质"
)
"""Words by which no office is told from another."""


ONE_OF = re.compile(
    r"[，,、；;]?(?:等(?:材料|证件|证明)?|(?:下列|以下|上述|所列)?(?:材料|证件))?(?:的)?(?:其中)?"
    r"(?:之一|任一|任意一|任选其?一|任选一|[二两三四五]选一|其中一|(?:[二两三四五]者)?(?:取|选|择|居)其?一|其一|有一(?=即可|就行)|中的?(?:任何|任意)?一(?=[种项个份类样])"
    r"|(?:至少|只需|仅需|须|需|应|任意)*(?:提供|提交|符合|具备|满足|出示)(?:其中|任意|任何|其)?之?一(?=[种项个份类样]|即可|均可|就行)"
    r"|(?:均|都|皆)可(?:以)?(?=提供|[）)]?$)|(?:亦|也)可(?:以)?$)"
    r"(?:[种项个份类样])?(?:材料|证件|证明|即可|均可|就行|提供|提交)*"
)
ONE_OF_FOLLOW = re.compile(rf"^[^：:，；;]{{0,16}}?{ONE_OF.pattern}[^：:]{{0,8}}[：:]")
NUMBER = re.compile(r"(?:^|(?<=[；;，,。、\s：:]))(?:[（(]\d{1,2}[）)]|\d{1,2}[.．、）)](?!\d)|[①-⑳])")
NUMBER_INSIDE = re.compile(r"[（(](?:\d{1,2}|[一二三四五六七八九十])[）)]|[①-⑳]")
COUNTED = re.compile(r"[（(][1一][）)].*[（(][2二][）)]|①.*②", re.DOTALL)
OR_BETWEEN = re.compile(r"\s*\n\s*(或者?)\s*(?:\n\s*)?")
IF_ANY = re.compile(
    r"[（(](?:如|若)有|[（(](?:有则(?:提供|交)|有的(?:才)?(?:提供|交)|如需|若需|如涉及|视情况|选交|非必[需要须]|非必选)|^(?:如|若)(?:有|涉及)|，?(?:如|若)有(?:请|的话|则)?(?:提供|提交)?$|没有的?可?以?不(?:提供|交)|[（(](?:[^（）()]{1,12}的(?:人员|家庭)?才?(?:需要?)?|无[^（）()]{1,10}的(?:人员|家庭)?[不无](?:需要?|用)?)(?:提供|提交)[）)]"
    r"|[（(](?:变更|涉及|委托|代办|代理|离异|离婚|丧偶|再婚|已婚|未婚|租房|租赁|购房|借住|属于?|系|符合|单亲|残疾|低保|外地|非本[市省县区地]|港澳|未成年|合伙|个体|转学|复学|改制|迁[移入])[^（）()]{0,10}(?:的|者|人|人员|家庭|户|子女)[）)]$"
)
"""Not asked of everybody."""
CASE_HEAD = (
    r"(?!申请人员|没有|无法|不能|遗失|丢失|未(?!成年))[^，,；;：:、或（(]{1,16}?(?:的|人员|户籍|户口|家庭|者|户|情形|情况|未成年人|残疾人|学生|军人|居民|企业|个人)"
    r"[，,:：]?(?:应当?|需要?|须|可以?|则|还|另|请)*(?:提供|提交|出示|交(?!通|易))"
)
CASE = re.compile(rf"^{CASE_HEAD}(?P<papers>[^的].*)$")
"""Papers of those a clause names alone."""
HELD = re.compile(
    r"^(?:申请人的?)?(?:原(?!件|始|单位|户籍|居住|工作|籍|所在)|旧)(?:有的?|持有?的?|领取?的?|核发的|发的)?[^、或/]{1,14}(?:证|证书|执照|批准书|簿|卡)(?:正本|副本|正、?副本|原件|复印件)*(?:（[^）]*）)?$"
)
"""The card that is to be changed."""
PROMISE = re.compile(r"承诺(?:书|函|即可)?$")
BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")
SPARED = re.compile(
    r"^(?:已)?(?:有|持有?|取得|办理|能提供|提供)(?:了)?(?P<has>.{2,24}?)的?(?:人员|家庭)?[，,]?(?:可以?)?(?:不需要?|无需|无须|不用|免于|免|不再|不必)(?:再)?(?:提供|提交|出示|交|出具|开具)?(?:本?证明|本项|此项|该?材料)?(?P<need>.{0,24})$"
)
INSTEAD = re.compile(
    r"^(?:(?:没有|无法提供|不能提供|遗失|丢失|未取得|未办理|未领取|无|.{2,10}?(?:不|未|拒不|拒绝)(?:能|予|肯)?(?:提供|出具|开具))(?P<lacks>.{0,20}?)的?(?:人员)?[，,]?(?:可以?|由|应当?|须|需|则)?(?:提供|提交|凭|持|用|出具)|或(?:者)?(?:提供|提交|凭)?|(?:也|亦)?可(?:以)?(?:用|凭|提供|由))(?P<instead>.{2,30}?)(?:代替|替代|代)?$"
)
TOWARDS = re.compile(r"^(?:需要?|须|应当?|要|由|经|到|找|请)+")
EITHER = re.compile(r"(?<!如)或(?:者)?|[/／]")
ALSO = re.compile(r"^(?:或者?|凭|持|提供|提交)*(?P<instead>.{2,30}?)(?:亦可|也可以?|也行|均可|皆可|同样有效)$")
PIECES, BOTH = (
    re.compile(rf"[；;\n。]+|[，,、](?={CASE_HEAD})"),
    re.compile(r"以及|[+＋&]|[，,]|和|及(?!格)|并(?!未|联)"),
)
RECENT = re.compile(r"^(?:最?近|申请前)?[一二三四五六七八九十\d]+个?(?:月|年|日|天)(?:以?内)?(?:的)?")
LEADING = re.compile(r"^(?:(?:请?提供|提交|出示|携带|需|凭|有效的?|相关的?|由)+|[与和同跟].{2,12}(?:签订|签署|订立)的)")
WHERE = re.compile(r"^[\u4e00-\u9fa5]{1,4}所在地?的?(?=(?:村|居|社区|乡|镇|街道|派出所)[\u4e00-\u9fa5]{4})")
"""Of which place the office is (放蜂点所在村委会)."""
LISTED = re.compile(r"(?:等)?(?:相关|有关)?(?:材料|资料)?等$")
OTHERS = re.compile(
    r"^(?:父母|父亲|母亲|监护人|担保人|子女|房主|房东|户主|代理人|代办人|经办人|受托人|委托人|法定代表人)(?:双方)?的?"
)
"""Somebody else, whose cards the applicant's own circle does not run through."""
SOMEBODY = re.compile(r"^(?:死者|逝者|死亡人员|新生儿|婴儿|被继承人|配偶|企业|单位|学生|残疾人)的")


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """One paper, by its bare name.

    `issuers`: kinds of offices named as giving it. `issuer`: who is named and of no known kind. Without both nobody is named.
    """

    name: str
    issuers: frozenset[str] = frozenset()
    issuer: str = ""
    holder: str = ""
    copy: bool = False
    aliases: tuple[str, ...] = ()


Needs = tuple[tuple[NamedPaper, ...], ...]
"""Each need is met by any one of its papers."""


def issuer_kinds(text: str) -> frozenset[str]:
    return frozenset(kind for kind, words in ISSUERS.items() if words.search(text))


Issuer = tuple[frozenset[str], str]


def named_issuers(text: str) -> tuple[Issuer, ...]:
    """Read who may give a paper, each of those joined by 或 apart, by kind or else by name."""
    found: dict[Issuer, None] = {}
    for part in EITHER.split(text):
        name = TOWARDS.sub("", part.strip("、，, "))
        if (kinds := issuer_kinds(name)) or (name and not ANY_OFFICE.match(name)):
            found.setdefault((kinds, "" if kinds else name))
    return tuple(found)


@lru_cache(maxsize=100_000)
def may_give(issuers: frozenset[str], issuer: str, organ: str) -> bool:
    """Tell whether the organ may be whom a paper's issuer names: of the kind named, or sharing a word with the name."""
    if not (issuers or issuer) or not organ or COUNTERS.search(organ):
        return True
    if issuers:
        kinds = issuer_kinds(organ)
        return bool(issuers & kinds) or not kinds
    if len(issuer) >= 3 and issuer[-1] == organ[-1] and _shortens(issuer, organ):
        return True
    word = GENERIC.sub("\0", issuer)
    return any("\0" not in (pair := word[at : at + 2]) and pair in organ for at in range(len(word) - 1))


def _shortens(short: str, name: str) -> bool:
    """Tell whether the signs of one stand in the other in their order (质监站, 质量监督站)."""
    signs = iter(name)
    return all(sign in signs for sign in short)


@lru_cache(maxsize=200_000)
def read_material(name: str, issuer: str = "") -> Needs:
    """Parse a material's name.

    `issuer` is what the guide says beside the name, and yields to what the name says.
    """
    name, issuer = VILLAGE_DENIED.sub("", name), VILLAGE_DENIED.sub("", issuer)
    text = OR_BETWEEN.sub(r"；\1", name.strip())
    if COUNTED.search(text):
        text = NUMBER_INSIDE.sub("；", text)
    one_of = False
    if found := ONE_OF_FOLLOW.match(text):
        text, one_of = text[found.end() :], True
    text = NUMBER.sub("；", text)
    if not one_of and (found := ONE_OF.search(BRACKETS.sub(r"\1", text) if len(text) < 60 else text)) and found[0]:
        text, one_of = ONE_OF.sub("", text), True
    text = text.replace("（）", "").replace("()", "").strip("；;，,。、 ")
    needs: list[tuple[NamedPaper, ...]] = []
    cases: list[list[NamedPaper]] = []
    for piece in filter(None, (each.strip() for each in PIECES.split(text))):
        if needs and (other := _other_way(piece)):
            needs[-1] += other
        elif case := CASE.match(piece):
            cases.append([paper for need in _pieces(case["papers"], one_of) for paper in need])
        elif not (IF_ANY.search(piece) or HELD.match(piece)):
            needs += _pieces(piece, one_of)
    if len(cases) > 1:
        # Each is in one of the cases; a single case may be nobody's.
        needs.append(tuple(paper for case in cases for paper in case))
    if one_of and len(needs) > 1:
        needs = [tuple(paper for need in needs for paper in need)]
    beside = named_issuers(issuer)
    return tuple(
        tuple(
            each
            for paper in need
            for each in (
                [paper]
                if paper.issuers or paper.issuer or not beside
                else [replace(paper, issuers=kinds, issuer=name) for kinds, name in beside]
            )
        )
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
    if either and not one_of and (parts := _apart(re.compile("、"), text)) and any(map(EITHER.search, parts[:-1])):
        return [need for part in parts for need in _pieces(part, one_of)]
    for marks in (
        (re.compile(rf"、|{EITHER.pattern}|{BOTH.pattern}" + (r"|\s+" if one_of else "")),)
        if one_of or either
        else (re.compile("、"),)
    ):
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
    return len(bare) >= 2 and bool(IS_PAPER.search(bare) or PROMISE.search(bare) or _known(text))


def _known(text: str) -> bool:
    names = shipped_dictionary().names
    return plain(text) in names or plain(BRACKETS.sub("", text)) in names


def _other_way(text: str) -> tuple[NamedPaper, ...]:
    """Read an exemption or a substitute: the papers that do in place of the one before."""
    if found := SPARED.match(text):
        return _paper(found["has"])
    if (found := INSTEAD.match(text) or ALSO.match(text)) and _is_paper(found["instead"]):
        parts = _apart(re.compile(f"、|{EITHER.pattern}"), found["instead"]) or EITHER.split(found["instead"])
        return tuple(paper for part in parts for paper in _paper(part))
    return ()


def _paper(text: str) -> tuple[NamedPaper, ...]:
    """Read one paper, and what its brackets name in its place."""
    issuers: dict[Issuer, None] = {}
    instead: tuple[NamedPaper, ...] = ()
    aliases: list[str] = []
    first = GIVEN_BY.match(SIDES.sub("", text))
    bare = text
    if not (first and BRACKETS.search(first["issuer"])):
        for inside in BRACKETS.findall(text):
            if other := _other_way(inside):
                instead += other
            elif several := _apart(re.compile(f"、|{EITHER.pattern}"), inside):
                instead += tuple(paper for part in several for paper in _paper(part))
            elif sealed := SEALED.match(inside):
                issuers |= dict.fromkeys(named_issuers(sealed["issuer"] or sealed["whose"]))
            elif BARE_ISSUER.fullmatch(inside):
                issuers |= dict.fromkeys(named_issuers(inside))
            elif (given := GIVEN_BY.match(inside)) and len(given["paper"]) < 2:
                issuers |= dict.fromkeys(named_issuers(given["issuer"]))
            elif IS_PAPER.search(inside) and plain(f"甲（{inside}）") != "甲":
                aliases.append(plain(inside))
        if plain(text) not in shipped_dictionary().names:
            bare = BRACKETS.sub("", text)
    bare = WHERE.sub("", RECENT.sub("", LEADING.sub("", SIDES.sub("", bare))))
    for pattern in (SEALED, GIVEN_BY, STANDS_FIRST, OFFICE_FIRST):
        if (
            (given := pattern.match(bare))
            and len(given["paper"] or "") >= 2
            and not _known(bare)
            and (pattern is not OFFICE_FIRST or issuer_kinds(given["issuer"]))
        ):
            named = named_issuers(given["issuer"])
            issuers |= {each: None for each in named if each[0] or INSTITUTION.search(each[1])}
            bare = given["paper"]
    if (own := OWN.match(bare)) and len(own["paper"]) >= 2:
        issuers, bare = {(frozenset(), "自备"): None}, own["paper"]
    bare = RECENT.sub("", LISTED.sub("", bare))
    holder = OTHERS.match(bare)
    somebody = SOMEBODY.match(bare)
    if (found := holder or somebody) and len(bare) - found.end() >= 2 and not _known(bare):
        bare = bare[found.end() :]
    whose = holder[0].rstrip("的") if holder else ""
    papers = (
        NamedPaper(plain(bare), kinds, named_as, whose, "复印件" in text, tuple(aliases))
        for kinds, named_as in issuers or [(frozenset(), "")]
    )
    return (*papers, *instead)
