"""收费、时限、流程、渠道: how long, how much, how often one must come, and whether the numbers agree."""

import re
import unicodedata
from collections.abc import Iterator

from banshi.catalog.enums import CaseType, HandleForm, OnlineDepth, StepKind, TimeUnit
from banshi.catalog.guide.document import Faq, Fee, Guide, Place, Step, TimeLimit
from banshi.core.phone_numbers import with_area_code
from banshi.rulebook.enums import ProposedDisposition, Severity
from banshi.rulebook.legal_weight import AS_ABOVE, rests_on_document, rests_on_law
from banshi.rulebook.limits import NaturalDays, in_plain_weeks, working_days
from banshi.rulebook.rule import About, Flaw, Rewrite, RowRule, Rule
from banshi.rulebook.rules.legal_sources import (
    ADVICE,
    DISCLOSED_EXACTLY,
    DISCLOSED_FEES,
    DISCLOSED_OFFICE,
    ELEMENTS,
    GUIDES,
    IN_TIME,
    LICENCE_ACCEPT,
    LICENCE_DAYS,
    LICENCE_FEES,
    LICENCE_FREE,
    LICENCE_SPECIAL,
    SIMPLIFY,
    STANDARD,
    STANDARD_GUIDES,
    WORKING_DAYS,
)

LONGEST_LIMIT = 366
FREE = re.compile(r"免费|免收|不收费|无偿|不收取")
BY_MARKET = re.compile(r"市场调节|合同|协商|约定|面议")
"""Prices the parties agree on are no 行政事业性收费."""


class SF01(Rule):
    """收费要有收费项目、标准和依据。"""

    basis, severity, disposition = (
        (DISCLOSED_FEES, LICENCE_FREE, LICENCE_FEES),
        Severity.MUST,
        ProposedDisposition.COMPLETE,
    )
    reads = ("charged", "fees")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.charged and not guide.fees:
            yield Flaw("fees", "收费", "写了收费，却没有列出收费项目、标准和依据")


class SF02(RowRule):
    """每项收费要有依据，没有依据的收费一律取消。"""

    rows, basis, severity, disposition = (
        "fees",
        (DISCLOSED_FEES, LICENCE_FEES),
        Severity.MUST,
        ProposedDisposition.REMOVE,
    )

    def row_flaws(self, row: Fee) -> Iterator[Flaw]:
        if row.name and not row.basis:
            yield Flaw("basis", row.name, f"“{row.name}”没有收费依据")


class SF06(RowRule):
    """收费依据应是法律法规，或价格、财政部门的文件。"""

    rows, basis, severity, disposition = (
        "fees",
        (DISCLOSED_FEES, LICENCE_FEES),
        Severity.SHOULD,
        ProposedDisposition.JUSTIFY,
    )

    def row_flaws(self, row: Fee) -> Iterator[Flaw]:
        free = FREE.search(row.standard) or BY_MARKET.search(row.standard + row.basis)
        if not row.name or not row.basis or free or AS_ABOVE.match(row.basis):
            return
        if not rests_on_document(row.basis, self.book.laws, self.book.day):
            yield Flaw(
                "basis", row.basis, f"“{row.name}”的收费依据“{row.basis[:40]}”不是法律法规，也不是价格、财政部门的文件"
            )


class SF03(RowRule):
    """收费标准要写明数额。"""

    rows, basis, severity, disposition = (
        "fees",
        (DISCLOSED_FEES, LICENCE_FEES),
        Severity.MUST,
        ProposedDisposition.COMPLETE,
    )
    amount = re.compile(
        r"\d|[一二三四五六七八九十百千万两壹贰叁肆伍陆柒捌玖拾佰仟]+(?:元|角|分)|百分之|千分之|[%％‰]|免|不收|无偿|市场调节|市场价|协商|面议|双方约定|议价|约定|按实|据实"
    )
    cited = re.compile(
        r"[一-鿿]{0,12}[〔\[(（][12]\d{3}[〕\])）]\s*第?\s*\d+\s*号|令?\s*第?\s*\d+\s*号|第[\d一二三四五六七八九十百]+[条款项]|[12]\d{3}年(?:\d{1,2}月)?(?:\d{1,2}日)?|附[件表]\s*\d+"
    )

    def row_flaws(self, row: Fee) -> Iterator[Flaw]:
        if not self.amount.search(self.cited.sub("", row.standard)):
            yield Flaw("standard", row.standard or row.name, "收费标准没有写明多少钱")


class SF04(Rule):
    """写了收费项目，就不能又写不收费。"""

    basis, severity, disposition = (DISCLOSED_EXACTLY, DISCLOSED_FEES), Severity.MUST, ProposedDisposition.EXPLAIN
    reads = ("charged", "fees")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.charged is False and guide.fees:
            yield Flaw("charged", guide.fees[0].name, "写了“不收费”，又列了收费项目，两处说法不一")


class SF05(Rule):
    """不收费的事项不勾选网上支付。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("charged", "pay_online")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.charged is False and guide.pay_online:
            yield Flaw("pay_online", "支持网上支付", "不收费，却写了支持网上支付", Rewrite("pay_online", False))


class SX01(Rule):
    """承诺时限不得长于法定时限（自然日与工作日先换算再比）。"""

    basis, severity, disposition = (IN_TIME, LICENCE_DAYS, WORKING_DAYS), Severity.MUST, ProposedDisposition.CORRECT
    reads = ("promised_limit", "statutory_limit")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        promised_limit, statutory = guide.promised_limit, guide.statutory_limit
        if promised_limit.unit == statutory.unit and promised_limit.value and statutory.value:
            longer = not promised_limit.immediate and promised_limit.value > statutory.value
        else:
            promised = in_plain_weeks(promised_limit, at_most=False)
            allowed = in_plain_weeks(statutory, at_most=True)
            longer = promised is not None and allowed is not None and promised > allowed
        if longer:
            yield Flaw(
                "promised_limit",
                _said(promised_limit),
                f"承诺{_said(promised_limit)}，比法定的{_said(statutory)}还长",
            )


class SX02(Rule):
    """各环节时限相加（并联的取最长）不得超过承诺时限。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("promised_limit", "steps")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        promised = working_days(guide.promised_limit, self.book.natural, at_most=True)
        total = steps_total(guide, self.book.natural)
        if promised is not None and total > promised and not (guide.promised_limit.immediate and total == 0):
            yield Flaw(
                "steps",
                f"合计{total:g}个工作日",
                f"各环节合计{total:g}个工作日，超过承诺的{_said(guide.promised_limit)}",
            )


class SX03(Rule):
    """各环节时限相加少于承诺时限的，承诺时限还可以压缩。"""

    basis, severity, disposition = (SIMPLIFY,), Severity.HINT, ProposedDisposition.REDUCE
    reads = ("promised_limit", "steps")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        promised = working_days(guide.promised_limit, self.book.natural, at_most=False)
        total = steps_total(guide, self.book.natural)
        every = all(
            step.limit.value is not None or step.limit.immediate for step in guide.steps if step.kind != StepKind.APPLY
        )
        if guide.steps and every and promised and 0 < total < promised:
            value = int(-(-total // 1))
            rewrite = (
                Rewrite("promised_limit.value", value) if guide.promised_limit.unit == TimeUnit.WORKING_DAY else None
            )
            yield Flaw(
                "promised_limit",
                _said(guide.promised_limit),
                f"各环节合计只要{total:g}个工作日，承诺时限可以压缩到{value}个工作日",
                rewrite,
            )


class SX04(Rule):
    """即办件当场办结，不写几个工作日；写了天数的是承诺件。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("case_type", "promised_limit")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        limit = guide.promised_limit
        if guide.case_type == CaseType.IMMEDIATE and limit.value:
            yield Flaw(
                "case_type",
                "即办件",
                f"写的是即办件，承诺时限却是{_said(limit)}",
                Rewrite("case_type", str(CaseType.PROMISED.value)),
            )
        if guide.case_type == CaseType.PROMISED and limit.immediate:
            yield Flaw(
                "case_type",
                "承诺件",
                "承诺时限是当场办结，办件类型应为即办件",
                Rewrite("case_type", str(CaseType.IMMEDIATE.value)),
            )


class SX05(Rule):
    """时限用工作日；用自然日、月的要换成工作日，群众才好比较。"""

    basis, severity, disposition = (WORKING_DAYS, GUIDES), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("promised_limit",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        limit = guide.promised_limit
        if limit.value and limit.unit in (TimeUnit.DAY, TimeUnit.MONTH):
            yield Flaw("promised_limit.unit", _said(limit), f"承诺时限写的是{_said(limit)}，宜换算成工作日")


class SX06(Rule):
    """听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的时间不计入办理时限，要单列；公示、现场踏勘没有法律依据的，时间照算。"""

    basis, severity, disposition = (LICENCE_SPECIAL, IN_TIME), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("name", "special_procedures", "steps")
    by_law = re.compile(r"(听证|招标|拍卖|检验|检测|检疫|鉴定|专家评审)(?:会|环节|程序|阶段|工作)?$")
    special = re.compile(r"《?(?:中华人民共和国)?行政许可法》?第?(?:四十五|45)条?")
    """The article of special procedures, which names none of the ordinary ones."""
    said = "“{}”不在法律规定可以不计时间的特别程序之内，没有法律依据的，时间要算进办理时限"

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        listed = {row.name for row in guide.special_procedures}
        for place, step in enumerate(guide.steps):
            found = self.by_law.search(step.name)
            if found and step.kind != StepKind.SPECIAL and step.limit.value and found[1] not in guide.name:
                if not any(found[1] in name for name in listed):
                    yield Flaw(
                        f"steps.{place}",
                        step.name,
                        f"“{step.name}”是特别程序，时间不应算进办理时限，请移到“特别程序”一栏",
                    )
            elif step.kind == StepKind.SPECIAL and self._lacks_law(step.name, step.limit.basis + step.note):
                yield Flaw(f"steps.{place}", step.name, self.said.format(step.name))
        told = {step.name for step in guide.steps if step.kind == StepKind.SPECIAL}
        for place, row in enumerate(guide.special_procedures):
            if row.name not in told and self._lacks_law(row.name, row.basis):
                yield Flaw(f"special_procedures.{place}", row.name, self.said.format(row.name))

    def _lacks_law(self, name: str, basis: str) -> bool:
        ordinary = bool(self.book.words.find("ordinary_procedures", name))
        return ordinary and not rests_on_law(self.special.sub("", basis), self.book.laws, self.book.day)


class SX07(Rule):
    """时限要合常理。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.EXPLAIN
    reads = ("promised_limit", "statutory_limit")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        for name in ("promised_limit", "statutory_limit"):
            days = working_days(getattr(guide, name), self.book.natural, at_most=False)
            if days is not None and days > LONGEST_LIMIT:
                yield Flaw(name, _said(getattr(guide, name)), f"{days:g}个工作日超过一年，请核实是不是写错了")


class SX08(Rule):
    """承诺时限与法定时限一样长的，看能不能压缩。"""

    basis, severity, disposition = (IN_TIME, STANDARD), Severity.HINT, ProposedDisposition.REDUCE
    reads = ("promised_limit", "statutory_limit")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        promised, statutory = guide.promised_limit, guide.statutory_limit
        if (
            promised.value
            and promised.value >= 10
            and (promised.value, promised.unit) == (statutory.value, statutory.unit)
        ):
            yield Flaw("promised_limit", _said(promised), "承诺时限和法定时限一样长，没有比法定的快")


class LC01(Rule):
    """流程里要有受理环节。"""

    basis, severity, disposition = (LICENCE_ACCEPT, ELEMENTS), Severity.HINT, ProposedDisposition.COMPLETE
    reads = ("steps",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.steps and not _has_step(
            guide, ("accept", "receive"), ("受理", "收件", "接收", "接件", "申请", "登记")
        ):
            yield Flaw("steps", "", "流程里没有受理环节：群众不知道交到哪里、算不算收下")


class LC02(Rule):
    """流程里要有审查或决定环节（当场办结的除外）。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.COMPLETE
    reads = ("promised_limit", "steps")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        words = ("审", "决定", "核", "办理", "评", "认定", "确认", "批", "办结", "处理", "办")
        if guide.steps and not guide.promised_limit.immediate and not _has_step(guide, ("examine", "decide"), words):
            yield Flaw("steps", "", "流程里没有审查、决定环节")


class LC03(Rule):
    """有结果要领的，流程里要有送达环节。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.COMPLETE
    reads = ("result_name", "result_type", "steps")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        words = (
            "送达",
            "发",
            "领",
            "办结",
            "告知",
            "反馈",
            "拨付",
            "支付",
            "到账",
            "公布",
            "结果",
            "出具",
            "打印",
            "制证",
        )
        if (
            guide.steps
            and guide.result_name
            and guide.result_type != "40"
            and not _has_step(guide, ("deliver", "produce"), words)
        ):
            yield Flaw("steps", guide.result_name, f"流程里没说“{guide.result_name}”怎么交到群众手里")


class LC04(RowRule):
    """每个环节要写明由谁办。"""

    rows, basis, severity, disposition = "steps", (ELEMENTS, SIMPLIFY), Severity.HINT, ProposedDisposition.COMPLETE

    by_applicant = re.compile(
        r"(?:申请人?|个人|本人|家长|学生|群众|居民|村民|当事人|企业|单位|用人单位|服务对象|办事人)?(?:网上|线上|现场|窗口|提出|书面|自愿|向.{1,12})*"
        r"(?:申请|申报|报名|提交(?:申请|材料|资料)*|递交(?:申请|材料|资料)*|提出|填写?(?:申请)?表?|预约|取号|缴费|付款|领取.{0,8}|取件|领证)(?:材料|登记|申请)?"
        r"|(?:申请人|个人|本人|家长|群众|居民|村民|当事人|办事人|双方)(?:签[字名收]|按手印|补正.{0,4}|取回.{0,4}|确认.{0,4})"
    )

    def row_flaws(self, row: Step) -> Iterator[Flaw]:
        own = row.kind == StepKind.APPLY or self.by_applicant.fullmatch(row.name)
        if row.name and not row.actor and not own:
            yield Flaw("actor", row.name, f"“{row.name}”没写由哪个岗位办，出了问题找不到人（首问负责）")


class LC05(Rule):
    """环节不宜过多。"""

    basis, severity, disposition = (STANDARD_GUIDES, SIMPLIFY), Severity.SHOULD, ProposedDisposition.REDUCE
    reads = ("steps",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if len(guide.steps) > self.book.words.number("steps"):
            yield Flaw("steps", f"{len(guide.steps)}个环节", f"有{len(guide.steps)}个环节，请合并、并联或取消")


class LC07(Rule):
    """环节写了由别的单位办的，要是通讯录里有的单位；写得笼统的（街道、有关部门），到了这一步没有单位接。"""

    basis, severity, disposition = (ADVICE,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("steps",)
    asks = ("organ", "division")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if not self.book.organs or not about.division:
            return
        endings, inside = tuple(self.book.words.list_of("organ_endings")), ("本", about.organ)
        above = [about.division[:digits] for digits in range(2, len(about.division) + 1)]
        for place, row in enumerate(guide.steps):
            if not row.actor.endswith(endings) or row.actor.startswith(inside):
                continue
            if not any((each, row.actor) in self.book.organs for each in above):
                told = f"没有叫“{row.actor}”的单位，办到“{row.name}”会由{about.organ}自己办；请写单位的全称"
                yield Flaw(f"steps.{place}.actor", row.actor, told)


class LC06(Rule):
    """环节名称不重复。"""

    basis, severity, disposition = (ADVICE,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("steps",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        seen: set[str] = set()
        for place, step in enumerate(guide.steps):
            if step.name and step.name in seen:
                yield Flaw(f"steps.{place}.name", step.name, f"“{step.name}”环节写了两次")
            seen.add(step.name)


class DC01(Rule):
    """要群众到场的，必须写明原因。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.JUSTIFY
    reads = ("visit_reason", "visits")

    empty = re.compile(
        r"^(?:因|由于)?(?:按照?|根据|依据|依|遵照)?(?:有关|相关|上级|国家|本单位|单位|部门|法律法规|政策|制度|业务|工作|办事|办理|流程|程序|实际|系统|的|和|等)*"
        r"(?:规定|要求|需要|流程|政策|原因|情况)?(?:要求|办理|执行|需要|必须|需|须)*(?:到场|到现场|现场办理)?$|^(?:无|其他|其它|略|暂无|不详|[-—/]+)$"
    )

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.visits and self.empty.match(guide.visit_reason.strip("。 ")):
            said = f"只写了“{guide.visit_reason}”，说不出为什么" if guide.visit_reason else "没有写必须到场的原因"
            yield Flaw("visit_reason", f"到场{guide.visits}次", f"要群众跑{guide.visits}次，{said}；没有必要的应取消")


class DC02(Rule):
    """不用到场的，不写到场原因。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("visit_reason", "visits")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.visits == 0 and guide.visit_reason:
            yield Flaw("visit_reason", guide.visit_reason, "写了到场0次，又写了必须到场的原因，两处说法不一")


class DC03(Rule):
    """群众最多跑一次；法律规定要本人来几次的除外。"""

    basis, severity, disposition = (IN_TIME,), Severity.SHOULD, ProposedDisposition.REDUCE
    reads = ("name", "visit_reason", "visits")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        asked = guide.visits
        if asked is None or asked <= self.book.words.number("visits"):
            return
        by_law = next(
            (each for each in self.book.words.lists["visits_by_law"] if re.search(each["pattern"], guide.name)), None
        )
        if not (by_law and asked <= by_law["visits"]) and not rests_on_law(
            guide.visit_reason, self.book.laws, self.book.day
        ):
            yield Flaw("visits", f"{asked}次", f"要跑{asked}次，请通过网上、邮寄或一次收齐材料减到1次以内")


class DC04(Rule):
    """全程网办（Ⅳ级）的到场次数应为0。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("online_depth", "visits")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.online_depth == OnlineDepth.FULL and guide.visits:
            yield Flaw("visits", f"{guide.visits}次", "网办深度是Ⅳ级（全程网办），到场次数却不是0")


class DC05(Rule):
    """不用到场又不能网上办的，必须支持邮寄。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.EXPLAIN
    reads = ("at_home", "express", "online", "visits")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.visits == 0 and guide.online is False and not guide.express and not guide.at_home:
            yield Flaw("visits", "0次", "不用到场，又不能网上办、不支持邮寄和上门：群众没有办的途径")


class DC06(Rule):
    """能不能网上办，几处说法要一致。"""

    basis, severity, disposition = (DISCLOSED_EXACTLY,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("handle_forms", "online")
    online_forms = (HandleForm.ONLINE.value, HandleForm.MOBILE.value)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        forms = set(guide.handle_forms) & set(self.online_forms)
        if guide.online is False and forms:
            yield Flaw("online", "不能在线办理", "办理形式里有网上办理，“是否在线办理”却写了否")
        if guide.online and guide.handle_forms and not forms:
            yield Flaw("handle_forms", "", "写了可在线办理，办理形式里却没有网上办理")


class DC07(Rule):
    """写了能网上办，要给出网上办理的地址。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.COMPLETE
    reads = ("mobile_url", "online", "online_url")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.online and not guide.online_url and not guide.mobile_url:
            yield Flaw("online_url", "", "写了可在线办理，没有写网址")
        elif guide.online_url and not guide.online_url.startswith(("http://", "https://")):
            yield Flaw("online_url", guide.online_url, "网址要以 http:// 或 https:// 开头")


class DC08(RowRule):
    """办理地点要写到楼层、窗口，写明办公时间。"""

    rows, basis, severity, disposition = "places", (DISCLOSED_OFFICE,), Severity.SHOULD, ProposedDisposition.COMPLETE
    exact = re.compile(r"\d|窗口|号|楼|室|大厅")
    told = re.compile(
        r"\d|[一二三四五六七八九十]+[点时]|全天|昼夜|随时|工作日|周[一二三四五六日至]|星期|(?:正常|法定)?(?:上班|工作|办公|营业|开放)时间(?:内)?$"
    )

    def row_flaws(self, row: Place) -> Iterator[Flaw]:
        if not self.exact.search(row.address + row.window):
            yield Flaw("address", row.address or row.name, "地址没有写到门牌、楼层或窗口，群众到了找不着")
        if not self.told.search(row.hours):
            said = f"办公时间写的是“{row.hours}”，没有说哪天几点" if row.hours else "没有写办公时间"
            yield Flaw("hours", row.hours or row.name, f"{said}，群众可能白跑")


class DC09(Rule):
    """可以预约的，要写明怎么预约。"""

    basis, severity, disposition = (ADVICE,), Severity.HINT, ProposedDisposition.COMPLETE
    reads = ("appointment", "appointment_how")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.appointment and not guide.appointment_how:
            yield Flaw("appointment_how", "", "写了可以预约，没有写怎么预约")


class LX01(Rule):
    """咨询电话和投诉电话不能是同一个；12345 等统一热线除外。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("complaint", "consult")

    hotline = re.compile(r"^(?:0\d{2,3})?[19]\d{4}$")
    pressed = re.compile(r"[（(]?(?:转|按)\s*\d{1,4}[）)]?\s*$")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        consult, complaint = _digits(guide.consult.phone), guide.complaint.phone
        hotline = self.hotline.match(_digits(self.pressed.sub("", complaint)))
        if consult and consult == _digits(complaint) and not hotline:
            yield Flaw("complaint.phone", complaint, "投诉电话和咨询电话是同一个：群众投诉会打到被投诉的人那里")


class LX02(Rule):
    """电话要带区号或是能直接拨打的号码。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads, asks = ("complaint", "consult"), ("uscc",)
    dialled = re.compile(
        r"^(?:(?:(?:00|\+)?860?|0)(?:10|2\d|[3-9]\d{2})(?:\d{7,8}|1\d{2,5}|9[56]\d{3,4})"
        r"|(?:(?:00|\+)?86)?1[3-9]\d{9}|1\d{2,5}|9[56]\d{3,4}|[48]00\d{6,8})$"
    )
    asides = re.compile(
        r"[(](?!\s*(?:转|分机))[^)]*[^\d+\-\s)][^)]*[)]|[(][^)]*转[^)]*按[^)]*[)]|[(][)]|\d{1,2}:\d\d(?:[-~至]\d{1,2}:\d\d)?"
        r"|\d{1,3}(?:号|楼|室|层)(?:窗口?)?|[一-龥]*热线|[^\d+()转\-—–、,;/\s]+"
    )
    nobody = re.compile(r"^000\d{7,8}$")
    """The demonstration's numbers, which are to ring nobody. The division in its credit codes begins with 99."""
    code_alone = re.compile(r"0(?:10|2\d|[3-9]\d{2})")
    extension = re.compile(
        r"(?:[（(]?(?:转|分机号?|按)\s*(\d{1,6}(?:[或、/]\d{1,4})*)[）)]?|(?<=\d{7})[-—－–]\s*(\d{1,6}))$"
    )

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        example = about.uscc[2:4] == "99"
        for name in ("consult", "complaint"):
            given = unicodedata.normalize("NFKC", with_area_code(getattr(guide, name).phone.strip()))
            code = ""
            for phone in filter(
                None,
                re.split(r"[、,;/|\n](?!\d{1,4}(?![\d-]))\s*|或(?!\d{1,4}(?![\d-]))|(?<=\d{7})\s+(?=[\d(])", given),
            ):
                if self.code_alone.fullmatch(phone.strip()):
                    code = phone.strip()
                    continue
                if example and self.nobody.match(re.sub(r"\D", "", phone)):
                    continue
                # A second number beside one with its area code is of the same area.
                if not self._can_be_dialled(phone) and not (code and self._can_be_dialled(f"{code}{phone}")):
                    yield Flaw(f"{name}.phone", phone, f"“{phone}”不带区号或位数不对，外地打不通")
                if found := re.search(r"(?<!\d)(?:\+86|0086)?[-\s]?[(]?(0\d{2,3})[)\-\s]*(?=\d)", phone):
                    code = found[1]

    def _can_be_dialled(self, phone: str) -> bool:
        """Return the number as a whole, or each of several with spaces between."""
        bare = self.asides.sub("", self.extension.sub("", phone.strip())).strip()
        whole = re.sub(r"[\s（()）\-—－–]", "", bare)
        parts = [re.sub(r"[（()）\-—－–]", "", part) for part in bare.split()]
        return bool(self.dialled.match(whole)) or (len(parts) > 1 and all(map(self.dialled.match, parts)))


class JG01(Rule):
    """结果类型要和结果名称相符。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("result_name", "result_type")

    several = re.compile(r"或|、|和|及|/|／|，")
    certificate = re.compile(r"(?<![公凭签认见鉴保验查论佐旁人])证(?:[（(][^（）()]*[）)])?$")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        words, kind = self.book.words, guide.result_type
        name = words.without("not_licences", guide.result_name)
        licence = words.find("result_licences", name) or self.certificate.search(name)
        document = words.find("result_documents", name)
        either = licence and document and self.several.search(name)
        if not kind or either:
            return
        name = guide.result_name
        if licence and kind != "10" and not name.endswith(("决定书", "通知书")):
            yield Flaw("result_type", name, f"结果“{name}”是证照，结果类型不对", Rewrite("result_type", "10"))
        elif document and kind not in ("20", "30"):
            yield Flaw("result_type", name, f"结果“{name}”是批文文书，结果类型不对", Rewrite("result_type", "20"))


class JG02(Rule):
    """结果类型写“无”的，不写结果名称；有结果的要写结果类型。"""

    basis, severity, disposition = (ADVICE,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("result_name", "result_type")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.result_type == "40" and guide.result_name:
            yield Flaw("result_type", guide.result_name, "结果类型写“无”，却写了结果名称")
        if guide.result_name and not guide.result_type:
            yield Flaw("result_type", guide.result_name, "写了结果名称，没有写结果类型（证照、批文、其他）")


class JG03(Rule):
    """有结果的要写明怎么送达。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.COMPLETE
    reads = ("delivery_ways", "result_name", "result_type")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.result_name and guide.result_type in ("10", "20") and not guide.delivery_ways:
            yield Flaw("delivery_ways", guide.result_name, "没有写结果怎么送达（窗口领取、邮寄、网上下载…）")


class WD01(Rule):
    """办得多的事项要写常见问题。"""

    basis, severity, disposition = (GUIDES,), Severity.HINT, ProposedDisposition.COMPLETE
    reads = ("faqs",)
    asks = ("volume",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        often = about.volume is not None and about.volume >= self.book.words.number("frequent_volume")
        if often and len(guide.faqs) < self.book.words.number("frequent_faqs"):
            yield Flaw("faqs", f"一年{about.volume}件", "办件量大，常见问题却没写或写得太少")


class WD02(RowRule):
    """常见问题要有问有答。"""

    rows, basis, severity, disposition = "faqs", (ADVICE,), Severity.SHOULD, ProposedDisposition.COMPLETE

    def row_flaws(self, row: Faq) -> Iterator[Flaw]:
        if row.question and not row.answer:
            yield Flaw("answer", row.question, "问题没有回答")


def steps_total(guide: Guide, natural: NaturalDays) -> float:
    """Sum the working days of all steps, of those side by side the longest.

    Special procedures apart.
    """
    groups: dict[str, float] = {}
    total = 0.0
    for step in guide.steps:
        days = working_days(step.limit, natural, at_most=False) or 0.0
        if step.kind == StepKind.SPECIAL:
            continue
        if step.group:
            groups[step.group] = max(groups.get(step.group, 0.0), days)
        else:
            total += days
    return total + sum(groups.values())


def _has_step(guide: Guide, kinds: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(step.kind in kinds or any(word in step.name for word in words) for step in guide.steps)


def _digits(phone: str) -> str:
    """Return the figures of a number, as it is dialled within the country."""
    return re.sub(r"\D", "", re.sub(r"^\s*(?:\+|00)86[\s-]*(?=[2-9]|10)", "0", phone))


def _said(limit: TimeLimit) -> str:
    """Word a limit of any kind, as `limit_words` does."""
    if limit.immediate:
        return "当场办结"
    if limit.value is None:
        return limit.text
    unit = {"1": "个工作日", "2": "个自然日", "3": "个月", "4": "小时"}.get(
        str(getattr(limit.unit, "value", limit.unit)), ""
    )
    return f"{limit.value}{unit}"


RULES = (
    SF01,
    SF02,
    SF03,
    SF04,
    SF05,
    SF06,
    SX01,
    SX02,
    SX03,
    SX04,
    SX05,
    SX06,
    SX07,
    SX08,
    LC01,
    LC02,
    LC03,
    LC04,
    LC05,
    LC06,
    LC07,
    DC01,
    DC02,
    DC03,
    DC04,
    DC05,
    DC06,
    DC07,
    DC08,
    DC09,
    LX01,
    LX02,
    JG01,
    JG02,
    JG03,
    WD01,
    WD02,
)
