"""Reading what a material demands: whether it is a catch-all, of whom the paper is, and whether a village must give it."""

import re

from banshi.catalog.enums import MaterialType
from banshi.catalog.guide.document import Material
from banshi.rulebook.proof_names import plain, shipped_dictionary
from banshi.rulebook.word_lists import NamedProof, Words, proof_named

FILLED_IN = re.compile(r"(?:申请|登记|申报|审批|备案|增减变动|信息)(?:表|书)")
"""What people fill in themselves holds words of what an office has, and is not it."""
COMMITTEE = r"村民自治组织|(?:基层)?群众性自治组织|村级组织|村党?支部|村组(?!织)|嘎查(?:委员会|委)?|(?:村|居)(?:[（(/、]?(?:居|村|社区)[）)]?)?民?委(?!托|派|任|培)(?:员会|会)?|两委|村民小组"
COMMUNITY = (
    r"社区(?!卫生|医院|医生|医师|医务|诊所|矫正|康复|戒毒|服务|民警|警务|养老|教育|工作|法律|文化|体育|团体)"
    r"|村(?=[（(、/]社区)|(?<![农乡新])村(?=出具|开具|盖章|签字|签章)|村里|村上|本村|所在村|行政村|村[级居](?=出具|开具|盖章|签章|意见|证明)|^村级$"
)
VILLAGE_ISSUER = re.compile(rf"{COMMITTEE}|{COMMUNITY}")
VILLAGE_ASKED = re.compile(
    rf"(?:{COMMITTEE}|{COMMUNITY})(?!(?:员会|会)?(?:提交|申报|报送))(?:[^，。；;]|，或者?){{0,12}}?(?:出具|开具|开的|提供|盖章|签章|签字|签署|加盖|公章|印章|意见|证明|核实|介绍信)"
    r"|村(?:干部|支书|支部书记|党支部书记|主任|书记)[^，。；;、]{0,4}?(?:出具|开具|盖章|签章|签字|签名|签署)|(?:请|由|找)村(?:干部|支书|主任|书记)|签[字章名][^，。；;]{0,2}村(?:干部|支书)"
)
"""A committee of village or neighbourhood in the short forms offices write, with what it has to do."""
_WHO = rf"(?:{COMMITTEE}|{COMMUNITY})(?:[（(][^（）()]{{1,8}}[）)])?"
VILLAGE_DENIED = re.compile(
    r"(?:不(?:用|需要?|必|再|得|应|由|要|是由|收取?|接受|认可|采用|采信)|无需|无须|毋需|免(?:于|予|去|交|收)?|取消|停止|禁止|严禁|而(?:不是|非)由?|非由|非(?=[^，。；;（）()]{1,8}(?:出具|开具)))"
    r"(?:再|另行?|要求|提供|提交|出示|开具?|出具|到|找|去|经|由|让|向|其|本人|申请人|群众|所在地?|当地|户籍地|居住地|的)*"
    rf"{_WHO}[^，。；;（）()]{{0,6}}?(?:出具|开具|开|提供|盖章|签章|签字|证明|公章|$|(?=[，。；;（）()]))的?"
    rf"|{_WHO}[^，。；;（）()]{{0,4}}?(?:(?:一律|现已?|已|也|都|均)*(?:不(?:再|得|予|用|需要?|必|承担|负责|参与)?|无需|无须|停止|取消)(?:再|为[^，。；;]{{1,8}})?"
    r"(?:出具|开具|开|提供|盖章|签章|签字|证明)的?)"
)
"""Said of the committee that it is not to give it."""

PEOPLE = re.compile(
    r"法定代表人|代理人|代办人|经办人|受托人|委托人|监护人|担保人|共同借款人|借款人|配偶|父母|父亲|母亲|子女|儿童|婴儿|新生儿|未成年人"
    r"|死者|死亡人员|逝者|被继承人|继承人|男方|女方|双方|户主|产权人|所有权人|房主|出租[人方]|承租[人方]|出让[人方]|受让[人方]|转让[人方]"
    r"|卖[方人]|买[方人]|股东|负责人|联系人|家庭成员|家属|被收养人|收养人|送养人|参保人|残疾人|学生|家长|企业|单位|公司"
    r"|捐赠人|受益人|领取人|护理人|供养人|迁入人|迁出人|变更前|变更后"
)
OF_SOMEBODY = re.compile(rf"^(?:{PEOPLE.pattern})(?:本人)?的?")
BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")
APPLICANT = frozenset({"申请人", "本人", "申请者"})

NOUN = r"(?:(?:佐证|补充|辅助|支撑|证明)性?(?:材料|资料|文件)|证明材料|证明文件|证明资料|证件材料|文件资料|材料|资料|证明|文件|证件|手续)"
LEADING = (
    r"(?:提供|提交|出具|依法|法定|有必要|确需|需要?说明|法律|法规|规章|政策|行政|国家|部门|窗口|办理|要求|规定|认为|民政部门|主管部门|有效|合法|必需|应当|应|须|需要|需|所需|必要|以及|其他|其它|其余|相关|有关"
    r"|可能|专项|当地|地方|地区|省|市|县|的|、|，|,|和|或|及|按|根据|依照)"
)
OTHER = r"(?:(?:其他|其它|其余|相关|有关)(?:有效|必要|必需|必备)?)"
HANDED_IN = r"(?:提供|提交|报送|递交|出具|上报|补充)"
WHEN = r"(?:原件)?(?:及|和|、)?(?:复印件)?(?:[（(][^（）()]*(?:提供|提交|时|为准|告知|而定)[）)])?$"
CATCH_ALL = re.compile(
    rf"(?:^|[、，,；;和及或与等（(\s])((?:(?:其他|其它|其余)?与[^、，]{{1,8}}?)?{LEADING}*?(?:其他|其它|其余|相关|有关|必要|所需|要求|规定)(?:{LEADING})*"
    rf"{NOUN}(?:[和及、或]{NOUN})*等?)[）)。]?{WHEN}"
    rf"|((?:^|(?<=[、，,；;及或])(?!者?(?:能够?|可以?|足以)?(?:证明|反映|表明)))[^、，,；;或]{{1,30}}(?:(?:的|规定|要求){OTHER}{{1,3}}"
    rf"|(?:认为|规定|要求){OTHER}?(?:确?需要?|应当?|应予|须|必须)?{HANDED_IN}的{OTHER}{{0,3}}|认为(?:确?有)?(?:必要|需要)(?:(?:补充|进一步|另行)*{HANDED_IN})?的{OTHER}{{0,3}})(?!手续)"
    rf"{NOUN}(?:[和及、或](?:{NOUN}|凭证))*){WHEN}"
    rf"|^((?:其他|其它)能够?证明[^、，]{{1,12}}的{NOUN})$"
)
NOTHING_NAMED = re.compile(
    r"^((?:法律|行政法规|法规|规章|、|和|及)+(?:规定|要求)的(?:其他|其它)条件的(?:证明|相关|有关)*(?:文件|材料|资料)(?:[、和及](?:文件|材料|资料))*"
    r"|(?:等|其他|其它|其余)(?:申报|申请|报名|办理)?(?:材料|资料)?|(?:其他|其它)(?:可能)?(?:需要?|要求|应当?)补充的(?:信息|材料|资料)(?:[或和及、](?:信息|材料|资料))*"
    r"|(?:其他|其它)(?:材料|资料)[：:](?:根据|按照?|依照?|视|以)[^：:、]{2,24}(?:要求|规定|情况|通知|为准)(?:提供|提交|准备|而定)?|(?:有关|相关|其他|其它|其余|必要)的?(?:附件|(?:补充|辅助|佐证|支撑)(?:性)?(?:材料|资料|文件)?)|补充(?:材料|资料|文件)"
    r"|(?:视|根据|按照?)(?:具体|实际|自身|个人|各自)?(?:情况|需要)(?:[和及或](?:情况|需要))?(?:需要|需|应)?(?:提供|补充|提交)的?(?:其他|其它|相关|相应|辅助|补充)*(?:证明)?(?:材料|资料|证明|文件)(?:材料)?)(?:[（(][^（）()]*(?:提供|提交|为准|告知|而定)[）)])?$"
)

ABOUT = re.compile(
    rf"(?:出具|开具|开出|提供)的(?!(?:国家|有关)?(?:法律|法规|规章|政策))[^，、]{{4,}}的(?:相关|有关){NOUN}$"
)
"""Who gives the paper and what it is about are both said, so that it is one paper."""


AS_ASKED = re.compile(r"规定|要求|认为|所需|应(?:当|予)?(?:提供|提交)|需要?(?:提供|提交|出具)|需要的(?:其他|其它)")
OPEN_ENDED = re.compile(r"其他|其它|其余|相关|有关|补充|另|等|如|可能|视")
OFFICE_OR = re.compile(r"(?:部门|机关|机构|政府|[局委院会的]|中心|单位)或者?$")
GIVER = re.compile(r"部门(?:出具|提供)的")
PAPER = re.compile(r"[证书表单据簿照片]|报告|合同|协议|凭证|发票|清单|图")
TOPIC = re.compile(r"证明(?![^，。；]{0,4}(?:有关|相关|上述|以上))[^，。；、]{2,20}的")
SHOWS = re.compile(
    r"(?:表明|证明|反映|说明)(?!材料|文件|资料|以及|及|和|或|等|并)[^，。；、]{2,16}的(?:相关|有关|其他|其它)"
)
ONE_RULE = re.compile(r"^《[^》]+》(?:第[^，。；、]{1,8}条)?(?:所)?(?:规定|要求)")
"""Bound to one named law that anybody can read."""
EITHER = re.compile(r"(?<=[明料件书证本簿])[，,]?或者?")
MEMBER = re.compile(r"身份(?:的?证明|情况)")
MEMBERSHIP = re.compile(r"土地承包|村民身份|农民身份|成员身份|集体经济组织成员|本村(?:村民|成员|农民)|农民成员")
"""Who belongs to a village is the village's to say; who somebody is is not (民发〔2020〕20号)."""


OWN_CHOICE = re.compile(
    r"^(?:(?:申请|申报|投诉|举报|复议)(?:人|者|单位|企业)|企业|公司|本人|个人|当事人|纳税人|权利人|投标人|供应商|双方|家长)(?:自行|自己|可以?)*(?:认为|自愿|主动|愿意)"
)
"""What people may add as they like is not demanded of them."""
ENDING = " 。；;，,、"


def vague_demand(name: str) -> str:
    """Return the words in a material's name that leave open which paper is meant, or ""."""
    name = name.strip(ENDING)
    if OWN_CHOICE.match(name):
        return ""
    found = CATCH_ALL.search(name) or NOTHING_NAMED.search(name)
    word = next(filter(None, found.groups()), "") if found else ""
    return "" if ABOUT.search(word) else word


def catch_all(row: Material) -> str:
    """Return the catch-all that the material is, or "" where a topic, a giver or another paper narrows it."""
    name, word = row.name.strip(ENDING), vague_demand(row.name)
    asked = row.requirement
    told = asked and (TOPIC.search(asked) or (PAPER.search(asked) and not OPEN_ENDED.search(asked)))
    if not word or told or ONE_RULE.match(name) or SHOWS.search(word):
        return ""
    before, found = name[: name.rindex(word)], CATCH_ALL.search(name)
    as_asked = AS_ASKED.search(word)
    if len(before) > 1 and before.endswith(("或", "或者", "等")) and not (as_asked and OFFICE_OR.search(before)):
        return ""
    alone = not found or bool(found.group(1) and (not before or OPEN_ENDED.match(word)) and not GIVER.search(word))
    return word if alone or as_asked else ""


def from_village(row: Material) -> bool:
    """Tell whether a committee of village or neighbourhood is to give or stamp the paper: issuer, name, stamp or
    requirement.
    """
    if not row.name or row.shared or row.type == MaterialType.FORM or FILLED_IN.search(row.name):
        return False
    asked = any(VILLAGE_ASKED.search(VILLAGE_DENIED.sub("", text)) for text in (row.name, row.requirement, row.note))
    return asked or any(VILLAGE_ISSUER.search(VILLAGE_DENIED.sub("", text)) for text in (row.issuer, row.seal))


def village_proof(row: Material, words: Words) -> NamedProof | None:
    """Return the proof, among those villages must not give, that the paper is."""
    if words.find("village_by_law", row.name) or not from_village(row):
        return None
    either = [each for each in EITHER.split(row.name) if VILLAGE_ISSUER.search(each)]
    proof = proof_named("或".join(either) or row.name, words.village_proofs)
    return None if proof and MEMBER.search(row.name) and MEMBERSHIP.search(row.name) else proof


def paper_of(row: Material) -> str:
    """Return the paper by the name the dictionary gives it, whosever it is."""
    exact = shipped_dictionary().exact
    alone = OF_SOMEBODY.sub("", row.name)
    return exact(alone if len(plain(alone)) >= 3 else row.name)


def holder_of(row: Material) -> str:
    """Name the holder of a paper, and what else in brackets sets it apart.

    Returns "" for the applicant.
    """
    apart = {each for each in BRACKETS.findall(row.name) if plain(f"甲（{each}）") != "甲"} - APPLICANT
    return "|".join(sorted(apart | set(PEOPLE.findall(f"{row.name} {row.requirement} {row.note}"))))
