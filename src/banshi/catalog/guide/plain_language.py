"""Plain language for the guide, shared by page, print, list and notice."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from banshi.calendar.deadlines import Deadline, due
from banshi.calendar.working_days import WorkingCalendar
from banshi.catalog.enums import Audience, CopyKind, Necessity, StepKind, TimeUnit
from banshi.catalog.guide.document import Guide, Material, Step, TimeLimit

State = Literal["must", "window", "optional", "later", "shared", "commitment"]
AT_WINDOW = re.compile(r"(?:窗口|大厅|现场|当场)(?:免费)?(?:有空白|打印|领取|领表|填写|提供)")
"""Requirements of papers that are made where they are handed in."""
UNIT_WORDS = {TimeUnit.WORKING_DAY: "个工作日", TimeUnit.DAY: "天", TimeUnit.MONTH: "个月", TimeUnit.HOUR: "小时"}
AUDIENCE_WORDS = {
    Audience.PERSON: "个人",
    Audience.COMPANY: "企业",
    Audience.INSTITUTION: "事业单位",
    Audience.ASSOCIATION: "社会组织",
    Audience.UNINCORPORATED: "个体户等非法人企业",
    Audience.GOVERNMENT: "机关单位",
    Audience.OTHER: "其他组织",
}
OPTIONAL_UNSAID = "有的情形才要，请先问办理单位"
PAYING = re.compile(r"缴费|交费|缴纳|付款")
QUEUES = ("轮候", "排队", "摇号", "候补", "配租", "等候名额", "抽签", "排号选房")
LISTED = ("轮候", "摇号", "候补名单", "等候名额")
"""Words of a waiting list wherever they stand; one queues at a window too."""
NOTICES = re.compile(r"公示|公告|张榜|异议期|征求(?:公众|社会)?意见")
"""Compulsory periods in which anybody may object."""
SENTENCE = re.compile(r"[。；！？!?\n]")
_APPLYING = r"(?:报名|登记|申请|申报|受理|组织)"
_PART_OF_YEAR = r"(?:\d{1,2}月|[一二三四五六七八九十]{1,2}月|第?[一二三四1-4]季度|[春夏秋冬]季?|[上下]半年)"
SEASON = re.compile(
    rf"(?:每年|前一年的|当年){_PART_OF_YEAR}[^，]*?(?:{_APPLYING}|发通知)"
    rf"|\d{{1,2}}月(?:\d{{1,2}}日)?[至到—－~～-](?:\d{{1,2}}月)?(?:\d{{1,2}}日)?[^，]{{0,8}}{_APPLYING}"
    rf"|(?<!年)(?<!\d)\d{{1,2}}月(?:\d{{1,2}}日|[上中下]旬|底|末)?(?:之?前|以前)[^，]{{0,8}}(?:报名|登记|申请|申报|提出)"
    rf"|(?:报名|登记|申请|申报|受理|招生)(?:时间|期限|日期|时段|期)[为是：:在于]*(?:每年)?{_PART_OF_YEAR}"
    rf"|每年(?:只|集中)?{_APPLYING}[一二两三四\d]次|(?:寒假|暑假|开学前|毕业前)[^，]{{0,8}}{_APPLYING}"
    r"|集中(?:受理|报名|申报)|以当年(?:公告|通知)为准|按当年(?:公告|通知)"
)
COMPANIES = {Audience.COMPANY, Audience.INSTITUTION, Audience.ASSOCIATION, Audience.UNINCORPORATED, Audience.OTHER}


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist 要带什么: the material, whether to bring it, and why (or why not)."""

    material: Material
    state: State
    label: str
    why: str


def limit_words(limit: TimeLimit) -> str:
    """Word a time limit (3个工作日内, 当场办结).

    The text when there is no number, "" when nothing is known.
    """
    if limit.immediate or limit.value == 0:
        return "当场办结"
    if limit.value is None:
        return limit.text
    return f"{limit.value}{UNIT_WORDS[limit.unit]}内"


@dataclass(frozen=True, slots=True)
class Completion:
    """The day a thing is done that is accepted today, and how far it can be promised."""

    deadline: Deadline
    at_least: bool = False
    included: str = ""
    beside: str = ""

    @property
    def day(self) -> date:
        return self.deadline.day


def completion(guide: Guide, *, accepted: date, calendar: WorkingCalendar) -> Completion | None:
    """Reckon when an application is done, compulsory special procedures included (行政许可法 §45).

    None where no day can be told: no limit in days, a queue, a season for applying, a special procedure of unknown length.
    """
    limit = guide.promised_limit
    if not _counted(limit) or waits_in_line(guide) or season(guide):
        return None
    last = due(accepted, limit.value or 0, limit.unit.value, calendar=calendar)
    special, outside = _special_steps(guide), _outside_promised_limit(guide)
    if last is None or any(not _counted(step.limit) for step in outside):
        return None
    doubtful = set(last.doubtful_years)
    for step in outside:
        last = due(last.day, step.limit.value or 0, step.limit.unit.value, calendar=calendar)
        if last is None:
            return None
        doubtful |= set(last.doubtful_years)
    named = {step.name for step in special}
    others = [each.name for each in guide.special_procedures if not any(each.name in name for name in named)]
    return Completion(
        Deadline(last.day, tuple(sorted(doubtful))),
        at_least=bool(doubtful),
        included="、".join(map(_period_words, outside)),
        beside="、".join(others),
    )


def _special_steps(guide: Guide) -> list[Step]:
    return [step for step in guide.steps if step.kind is StepKind.SPECIAL or NOTICES.search(step.name)]


def _outside_promised_limit(guide: Guide) -> list[Step]:
    """List the compulsory periods that the promise leaves out, as the sum of the steps tells."""
    longer = sum(_days_of(step.limit) for step in guide.steps) > _days_of(guide.promised_limit)
    return _special_steps(guide) if longer else []


def _period_words(step: Step) -> str:
    return f"{limit_words(step.limit).removesuffix('内')}{step.name}"


def promise_words(guide: Guide) -> str:
    """Word the promise and the compulsory periods it leaves out (18个工作日内（另加7个工作日公示）)."""
    words, limit = limit_words(guide.promised_limit), guide.promised_limit
    periods = [_period_words(step) for step in _outside_promised_limit(guide) if _counted(step.limit)]
    return f"{words}（另加{'、'.join(periods)}）" if periods and _counted(limit) else words


def waits_in_line(guide: Guide) -> bool:
    steps = " ".join(f"{step.name} {step.limit.text}" for step in guide.steps)
    said = " ".join(
        [steps, guide.promised_limit.text, guide.notes, guide.summary, *(each.answer for each in guide.faqs)]
    )
    return any(word in steps for word in QUEUES) or any(word in said for word in LISTED)


def season(guide: Guide) -> str:
    """Find the sentence that says when in the year one may apply.

    Returns "" when any day will do.
    """
    said = [guide.notes, guide.summary, *(each.text for each in guide.conditions)]
    said += [each.answer for each in guide.faqs]
    sentences = (sentence.strip() for text in said for sentence in SENTENCE.split(text))
    return next((sentence for sentence in sentences if SEASON.search(sentence)), "")


def _counted(limit: TimeLimit) -> bool:
    return bool(limit.value) and not limit.immediate and limit.unit is not TimeUnit.HOUR


def _days_of(limit: TimeLimit) -> float:
    """Convert a limit into natural days, by the share of working days."""
    share = {TimeUnit.WORKING_DAY: 1.0, TimeUnit.DAY: 5 / 7, TimeUnit.MONTH: 21.0, TimeUnit.HOUR: 0.0}
    return (limit.value or 0) * share[limit.unit]


def fee_words(guide: Guide) -> str:
    if guide.charged is False:
        paid = next((step.name for step in guide.steps if PAYING.search(step.name)), "")
        return f"办理不收费；{paid}的钱另交" if paid else "不收费"
    if not guide.fees:
        return "收费，标准请咨询" if guide.charged else ""
    return "、".join(f"{fee.name} {fee.standard}".strip() for fee in guide.fees)


def visits_words(guide: Guide) -> str:
    if guide.visits is None:
        return ""
    return "一次都不用跑" if guide.visits == 0 else f"最多跑{guide.visits}次"


def audience_words(guide: Guide) -> str:
    """Word the audience as people speak.

    The standard's own (自然人, 企业法人) are the element's text.
    """
    return "、".join(AUDIENCE_WORDS[each] for each in guide.audience)


def for_person(guide: Guide) -> bool:
    return Audience.PERSON in guide.audience


def for_company(guide: Guide) -> bool:
    return bool(COMPANIES & set(guide.audience))


def bring(guide: Guide) -> list[ChecklistItem]:
    """Return the checklist, what must be brought first."""
    order = ("must", "window", "commitment", "later", "optional", "shared")
    from_home = guide.visits == 0
    return sorted((_brought(each, from_home) for each in guide.materials), key=lambda each: order.index(each.state))


def _brought(material: Material, from_home: bool) -> ChecklistItem:
    if material.shared:
        source = material.shared_from or material.issuer
        return ChecklistItem(
            material, "shared", "免交", f"已由{source}共享，不用您带" if source else "政府部门之间已能查到，不用您带"
        )
    if material.commitment_ok:
        return ChecklistItem(material, "commitment", "可承诺", "没有的话，签一份书面承诺就能办")
    if material.necessity is Necessity.LATER:
        return ChecklistItem(material, "later", "可后补", "可以先受理，之后再补交")
    if material.necessity is Necessity.OPTIONAL:
        return ChecklistItem(material, "optional", "视情况", material.note or material.requirement or OPTIONAL_UNSAID)
    if not from_home and AT_WINDOW.search(material.requirement):
        return ChecklistItem(material, "window", "窗口有", material.requirement)
    return ChecklistItem(
        material, "must", "网上交" if from_home else "必带", f"依据：{material.basis}" if material.basis else ""
    )


def copies_words(material: Material) -> str:
    """Word the copies to bring (原件1份 · 复印件2份).

    Returns "" when neither is known or none is asked for.
    """
    if material.shared:
        return ""
    kind = material.copy_kind.label if material.copy_kind else ""
    if material.copy_kind == CopyKind.SHOWN:
        return kind
    return kind + (f"{material.copies}份" if material.copies else "")


def brief(guide: Guide) -> list[tuple[str, str]]:
    """Return the answer in lines, label and words: who, where, how long, how much, how often, what to bring, how."""
    return [
        ("谁能办", audience_words(guide)),
        ("去哪办", "、".join(place.name for place in guide.places)),
        ("多久办好", limit_words(guide.promised_limit)),
        ("多少钱", fee_words(guide)),
        ("跑几次", visits_words(guide)),
        ("要带什么", "、".join(f"{each.material.name}（{each.label}）" for each in bring(guide))),
        ("怎么办", " → ".join(step.name for step in guide.steps)),
    ]
