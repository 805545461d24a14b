"""Plain language for the guide, shared by page, print, list and notice."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from banshi.calendar.deadlines import Deadline, due
from banshi.calendar.working_days import WorkingCalendar
from banshi.catalog.enums import Audience, CopyKind, Necessity, TimeUnit
from banshi.catalog.guide.document import Guide, Material, TimeLimit

State = Literal["must", "optional", "later", "shared", "commitment"]
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
COMPANIES = {Audience.COMPANY, Audience.INSTITUTION, Audience.ASSOCIATION, Audience.UNINCORPORATED, Audience.OTHER}


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist 要带什么: the material, whether to bring it, and why (or why not)."""

    material: Material
    state: State
    label: str
    why: str


def limit_words(limit: TimeLimit) -> str:
    """3个工作日内 · 当场办结 · the text when there is no number · "" when nothing is known."""
    if limit.immediate or limit.value == 0:
        return "当场办结"
    if limit.value is None:
        return limit.text
    return f"{limit.value}{UNIT_WORDS[limit.unit]}内"


def done_by(limit: TimeLimit, *, accepted: date, calendar: WorkingCalendar) -> Deadline | None:
    """Return the last day for what is accepted on that day. None where the limit is not counted in days."""
    if limit.immediate or not limit.value or limit.unit is TimeUnit.HOUR:
        return None
    return due(accepted, limit.value, limit.unit.value, calendar=calendar)


def fee_words(guide: Guide) -> str:
    if guide.charged is False:
        return "不收费"
    if not guide.fees:
        return "收费，标准请咨询" if guide.charged else ""
    return "、".join(f"{fee.name} {fee.standard}".strip() for fee in guide.fees)


def visits_words(guide: Guide) -> str:
    if guide.visits is None:
        return ""
    return "一次都不用跑" if guide.visits == 0 else f"最多跑{guide.visits}次"


def audience_words(guide: Guide) -> str:
    """In everyday words. The standard's own (自然人, 企业法人) are the element's text."""
    return "、".join(AUDIENCE_WORDS[each] for each in guide.audience)


def for_person(guide: Guide) -> bool:
    """For persons. Also when nobody is named, since most are."""
    return Audience.PERSON in guide.audience or not guide.audience


def for_company(guide: Guide) -> bool:
    return bool(COMPANIES & set(guide.audience))


def bring(guide: Guide) -> list[ChecklistItem]:
    """Return the checklist, what must be brought first."""
    order = ("must", "commitment", "later", "optional", "shared")
    return sorted((_brought(each) for each in guide.materials), key=lambda each: order.index(each.state))


def _brought(material: Material) -> ChecklistItem:
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
        return ChecklistItem(material, "optional", "视情况", material.note or "符合说明的情形才需要")
    return ChecklistItem(material, "must", "必带", f"依据：{material.basis}" if material.basis else "")


def copies_words(material: Material) -> str:
    """原件1份 · 复印件2份 · "" when neither is known."""
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
