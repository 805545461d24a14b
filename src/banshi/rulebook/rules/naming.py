"""编码、名称、种类: whether the item is called and numbered by rule."""

import re
from collections.abc import Iterator
from functools import lru_cache

from banshi.catalog.codes import is_sound, read_code, uscc_problem
from banshi.catalog.guide.document import Guide
from banshi.core.id_numbers import uscc_is_valid
from banshi.rulebook.enums import ProposedDisposition, Severity
from banshi.rulebook.rule import About, Flaw, Rewrite, Rule
from banshi.rulebook.rules.legal_sources import (
    ADVICE,
    CODES,
    ELEMENTS,
    USCC,
)

SECTORS = (
    r"发展和?改革|发改|经济和信息化|经信|工信|教育|教科体|教体|科学技术|科技|民族宗教|民宗|公安|民政|司法|财政|人力资源和?社会保障|人社|自然资源(?:和规划)?"
    r"|生态环境|住房和?城乡建设|住建|城市管理|城管|综合执法|交通运输|水务|水利|农业农村|商务|文化(?:广电|体育)?(?:和)?旅游|文广旅|文旅|卫生健康|卫健|退役军人事务"
    r"|应急管理|审计|市场监督管理|市场监管|市监|统计|医疗保障|医保|行政审批(?:服务)?|林业(?:和草原)?|税务|烟草专卖|气象"
)
ORGAN_IN_NAME = re.compile(
    rf"^(?:(?:[^，、]{{0,6}}?(?:省|市|县|区))?(?:{SECTORS})(?:局|委员会|委|厅|办公室|部门)(?![长属])"
    r"|[^，、]{2,6}?(?:省|市|县|区|乡|镇)(?!域|级|内|外|场|政)[^，、]{0,10}?(?:局(?!所)|委员会|厅|办公室|人民政府|街道办事处|管理中心|登记处)|(?:省|市|县|区|乡|镇|街道)(?:人民)?政府)(?:的|办理|关于|对|负责)?(?=.{4})"
)
"""An organ of government before what is done; companies, committees and centres that are the object are none."""
NOT_THE_ORGAN = re.compile(r"(?:业主|居民|村民|调解|仲裁|职工|学术)委员会")
ORGAN_SIGN = re.compile("局|委|厅|办公室|部门|政府|办事处|管理中心|登记处")
"""Without one of these ORGAN_IN_NAME can't match; it is slow to find that out."""
CODE = lru_cache(1024)(read_code)
"""Two rules read each code."""
TRAILING = re.compile(r"[。.;；,，、\s]+$")
IMPOSED = {"02": "行政处罚", "03": "行政强制", "04": "行政征收", "06": "行政检查"}
"""Powers nobody applies for; licences, payments and confirmations are 政务服务事项 as services are (国务院令第716号第四条)."""


class BM01(Rule):
    """事项要有编码。"""

    basis, severity, disposition = (CODES,), Severity.SHOULD, ProposedDisposition.COMPLETE
    reads = ()
    asks = ("organ", "code")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if about.organ and not about.code:
            yield Flaw("code", "", "没有事项编码：参考目录里有的请认领，没有的按规则自行编码")


class BM02(Rule):
    """编码要合规范，里面的实施主体代码校验位要对。"""

    basis, severity, disposition = (CODES, USCC), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ()
    asks = ("code",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if not about.code or is_sound(about.code):
            return
        for problem in CODE(about.code).problems:
            if problem.severity == "doubt":
                yield Flaw(
                    "code", about.code, problem.message + (f"，似应为 {problem.proposal}" if problem.proposal else "")
                )


class BM03(Rule):
    """编码用现行的12、31或33位，旧码逐步换掉。"""

    basis, severity, disposition = (CODES,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ()
    asks = ("code",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if not about.code or is_sound(about.code):
            return
        code = CODE(about.code)
        if code.form not in ("base", "implementing", "handling", "unknown"):
            yield Flaw("code", about.code, f"用的是{code.form_words}")


class BM04(Rule):
    """实施主体的统一社会信用代码要18位、校验位正确。"""

    basis, severity, disposition = (USCC,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ()
    asks = ("uscc",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if about.uscc and not uscc_is_valid(about.uscc):
            problem = uscc_problem(about.uscc)
            yield Flaw(
                "uscc", about.uscc, problem.message + (f"，似应为 {problem.proposal}" if problem.proposal else "")
            )


class MC01(Rule):
    """事项名称里不写机关名称。"""

    basis, severity, disposition = (ELEMENTS,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("name",)
    asks = ("organ",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        name = guide.name
        if about.organ and name.startswith(about.organ):
            rest = name[len(about.organ) :].lstrip("的关于对")
            yield Flaw("name", about.organ, "名称里写了本单位的名字", Rewrite("name", rest) if len(rest) > 3 else None)
        elif ORGAN_SIGN.search(name) and (found := ORGAN_IN_NAME.match(name)) and not NOT_THE_ORGAN.search(found[0]):
            yield Flaw("name", found.group(), "名称里像是写了机关名字，名称只写“办什么事”")


class MC02(Rule):
    """事项名称要说清做什么：对象加动作。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("name",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.name and not self.book.words.find("acts", guide.name):
            yield Flaw("name", guide.name, "名称里看不出办什么，宜写成“对象+动作”，如“生育保险待遇申领”")


class MC03(Rule):
    """事项名称不用“等”“其他”这类不确定的词。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("name",)

    open = re.compile(r"^(?:其他|其它)(?!组织|单位|经济|货物|建设工程)|(?:其他|其它)(?:事项|服务|业务|手续)?$")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if word := self.book.words.find("vague_names", guide.name):
            yield Flaw("name", word, f"名称里的“{word}”范围不定，请写明具体是什么事")
        elif found := self.open.search(guide.name):
            yield Flaw("name", found[0], f"名称里的“{found[0]}”范围不定，请写明具体是什么事")
        elif guide.name.endswith("等"):
            yield Flaw("name", "等", "名称以“等”结尾，范围不定")


class MC04(Rule):
    """事项名称不带标点、序号和空格。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("name",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        name = guide.name
        tidy = re.sub(r"^(?:\d{1,3}[.、.]|[（(]?[一二三四五六七八九十]{1,3}[）)、.])\s*", "", TRAILING.sub("", name))
        tidy = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", tidy)
        if tidy and tidy != name:
            yield Flaw("name", name, "名称里有多余的序号、标点或空格", Rewrite("name", tidy))


class MC05(Rule):
    """事项名称要简明。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.REDUCE
    reads = ("name",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if len(guide.name) > self.book.words.number("name_length"):
            yield Flaw("name", guide.name, f"名称有{len(guide.name)}个字，群众难记难找，请精简并写上“群众叫法”")


class ZL01(Rule):
    """行政处罚、强制、征收、检查不是依申请办的事，不列入公共服务目录。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.EXPLAIN
    reads = ()
    asks = ("kind",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if word := IMPOSED.get(about.kind):
            yield Flaw("kind", word, f"这是{word}，不是依申请办的事，请核实是否误列，或改列权责清单")


RULES = (BM01, BM02, BM03, BM04, MC01, MC02, MC03, MC04, MC05, ZL01)
