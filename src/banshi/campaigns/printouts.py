"""Papers of a campaign: 送审稿, 通报, 审核表. Each is made from the same rows the pages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from banshi.campaigns.enums import PhaseKind
from banshi.campaigns.models import Bulletin, Campaign, Entry, Participation, Report, Summing
from banshi.campaigns.plan import Phase
from banshi.campaigns.queries import OWED, orders_in
from banshi.catalog.models import Item
from banshi.catalog.printables import text_sheet
from banshi.core.clock import chinese_date
from banshi.core.json_types import JsonObject
from banshi.documents import book
from banshi.documents.book import Cover
from banshi.documents.official import Annex, Official
from banshi.documents.qr import qr_svg
from banshi.documents.sheet import Lines, Section, Sheet, Table, numeral
from banshi.law.register import number_key
from banshi.spreadsheets.exporting import ExportRow, lines

DIRECTORY = ("序号", "事项名称", "事项类别", "实施单位", "主要依据", "处置意见")
DIRECTORY_WIDTHS = (0.6, 3, 1.4, 2, 3, 1)
NOTHING = "无"
BASES_SHOWN = 3
BEFORE_DECISION = frozenset(PhaseKind) - {PhaseKind.DECIDE, PhaseKind.PUBLISH}
"""Phases that end before a government can decide."""


def draft_for_decision(campaign: Campaign, day: date) -> Official:
    """Write the 送审稿 of what passed review, for the government meeting, with figures, its examination, and the list
    itself.
    """
    found = campaign.entries.filter(state="agreed").select_related("item__category", "participation__organ", "text")
    entries = list(found.order_by("participation__organ__division_id", "participation__organ_id", "id"))
    parts = "、".join(f"拟{name}{count}项" for name, count in _counted(entries).items())
    units = len({entry.participation_id for entry in entries})
    spans = list(_spans(campaign))
    running = [phase.label for phase, _, last in spans if phase.kind in BEFORE_DECISION and last >= day]
    label = "" if campaign.plan.label in str(campaign) else f"（{campaign.plan.label}）"
    if running or not entries:
        unfinished = f"{'、'.join(running)}还没有结束，" if running else ""
        passed = f"{units}个单位的{len(entries)}项已通过审核" if entries else "还没有事项通过审核"
        opening = f"过程稿：按照“{campaign}”的安排{label}，截至{chinese_date(day)}，{passed}。{unfinished}本稿供准备文稿用，不能提请审定。"
    else:
        opening = (
            f"按照“{campaign}”的安排{label}，经{units}个单位梳理上报、审核单位逐项审核，"
            f"形成公共服务事项{len(entries)}项，现提请审定。"
        )
    figures = (
        f"{'已通过审核' if running else '提请审定'}{len(entries)}项，其中{parts}。"
        if entries
        else "还没有事项通过审核。"
    )
    begun = tuple(
        f"{phase.label}（{_span_words(first, last)}{'，正在进行' if last >= day else ''}）：{phase.task.rstrip('。')}。"
        for phase, first, last in spans
        if first <= day
    )
    closing = "事项清单见附件。审定后按定的日期一次公布，各渠道同时更新。" if entries else "待审核结束后列入。"
    sections = (
        Section("基本情况", (Lines((figures,)),)),
        Section("审核过程", (Lines(begun or ("各阶段都还没有开始。",), numbered=bool(begun)),)),
        Section("征求意见情况", (Lines((_consulted(campaign, day),)),)),
        Section("提请审定的事项", (Lines((closing,)),)),
    )
    directory = Table(DIRECTORY, tuple(_line(place, each) for place, each in enumerate(entries, 1)), DIRECTORY_WIDTHS)
    annexes = (Annex(f"公共服务事项清单（{'过程稿' if running else '送审稿'}）", directory),) if entries else ()
    return Official(
        title=f"{campaign.organ.name}关于提请审定{campaign.division.name}公共服务事项清单的请示",
        addressee=f"{campaign.division.name}人民政府",
        opening=(opening,),
        sections=sections,
        annexes=annexes,
        signer=campaign.organ.name,
        on=day,
        mark="示例" if campaign.is_example else "",
    )


def _counted(entries: Iterable[Entry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        label = entry.get_disposition_display()
        counts[label] = counts.get(label, 0) + 1
    return counts


def _spans(campaign: Campaign) -> Iterable[tuple[Phase, date, date]]:
    """List phases that have dates, in the plan's order, each from its first stage to its last."""
    # Public comment has the dates on which it is really held.
    spans: dict[str, list[date]] = {}
    for stage in campaign.stages.all():
        spans.setdefault(stage.phase, []).extend((stage.begins, stage.ends))
    consultation = getattr(campaign, "consultation", None)
    for phase in campaign.plan.phases:
        if days := spans.get(phase.code):
            if phase.kind == PhaseKind.PUBLIC and consultation is not None:
                days = [consultation.opens, consultation.closes]
            yield phase, min(days), max(days)


def _span_words(first: date, last: date) -> str:
    return f"{chinese_date(first)}至{chinese_date(last)}"


def _consulted(campaign: Campaign, day: date) -> str:
    consultation = getattr(campaign, "consultation", None)
    if consultation is None:
        planned = [(first, last) for phase, first, last in _spans(campaign) if phase.kind == PhaseKind.PUBLIC]
        if not planned:
            return "本次方案未安排公示征求意见。"
        told = "尚未开始" if planned[0][0] > day else "尚无公示记录"
        return f"方案安排{_span_words(*planned[0])}公示征求意见，{told}。"
    span = _span_words(consultation.opens, consultation.closes)
    if consultation.opens > day:
        return f"定于{span}公示征求意见。"
    comments = consultation.comments.all()
    taken = sum(1 for each in comments if each.accepted)
    told = f"{span}公示，收到意见{len(comments)}条"
    if consultation.closed_at is None:
        return f"{told}，公示尚未办结。"
    return f"{told}，采纳{taken}条，已逐条答复。{consultation.summary}"


def cited(title: str) -> str:
    """Write a title in 《》, and a document number that stands in its place without."""
    bare = title.strip().strip("《》")
    return bare if number_key(bare) else f"《{bare}》"


def _line(place: int, entry: Entry) -> tuple[str, ...]:
    bases = [f"{cited(each.title)}{each.articles}" for each in entry.text.guide.bases] if entry.text else []
    category = entry.item.category.name if entry.item.category else "其他"
    shown = "\n".join(bases[:BASES_SHOWN]) or NOTHING
    return str(place), entry.item.name, category, str(entry.participation.organ), shown, entry.get_disposition_display()


def bulletin_paper(bulletin: Bulletin) -> Official:
    """Write the bulletin (通报), with figures, ranking, problems, and who must put what right by when."""
    content, campaign = bulletin.content, bulletin.campaign
    totals = "，".join(f"{label}{count}项" for label, count in content["totals"].items()) or "还没有列入事项"
    progress = tuple(
        f"{row['label']}：{row['units']}个单位中{row['reported']}个已上报，共{row['entries']}项。"
        for row in content["batches"]
    )
    orders = tuple(
        f"{each.participation.organ}：{each.text.rstrip('。')}，{chinese_date(each.due)}前整改到位并报告。"
        for each in orders_in(bulletin)
    )
    sections = [
        Section(
            "总体进展", (Lines((f"截至{chinese_date(date.fromisoformat(content['day']))}，{totals}。", *progress)),)
        ),
        Section("存在问题", (Lines(tuple(_troubles(content)), numbered=True),)),
    ]
    if orders:
        sections.append(Section("限期整改", (Lines(orders, numbered=True),)))
    issued = bulletin.issued_at or bulletin.created_at
    return Official(
        title=bulletin.title,
        addressee="各清理单位",
        opening=(bulletin.opening,) if bulletin.opening else (),
        sections=tuple(sections),
        annexes=(Annex("各单位进度排名", _ranking(content["ranking"], content.get("by_report", False))),),
        signer=campaign.organ.name,
        on=issued.date(),
        number=f"第{bulletin.number}期",
        mark="示例" if campaign.is_example else "",
    )


def _troubles(content: JsonObject) -> Iterable[str]:
    if content["overdue"]:
        yield f"逾期未上报的单位：{'、'.join(content['overdue'])}。"
    if content["nameless"]:
        yield f"没有明确分管领导、牵头科室和经办人员的单位：{'、'.join(content['nameless'])}。"
    if content["problems"]:
        told = "、".join(f"{row['unit']}{row['count']}处" for row in content["problems"])
        yield f"规则检查必须改而没有改的：{told}。"
    if not (content["overdue"] or content["nameless"] or content["problems"]):
        yield "未发现突出问题。"


def _ranking(rows: list[JsonObject], by_report: bool) -> Table:
    lines = tuple(
        (
            str(place),
            row["unit"],
            str(row["entries"]),
            str(row["done"]),
            f"{row['percent']}%",
            (f"第{row['round']}轮" + (f"，迟报{row['late_days']}个工作日" if row.get("late_days") else ""))
            if row["round"]
            else "未上报",
        )
        for place, row in enumerate(rows, 1)
    )
    return Table(
        ("名次", "单位", "事项数", "已上报" if by_report else "审核通过", "完成率", "上报情况"),
        lines,
        (0.6, 3, 1, 1, 1, 1.2),
    )


# What a unit hands in: every paper from the same rows and texts its head signed.


@dataclass(frozen=True, slots=True)
class Handed:
    """A unit's report of its newest round, or (`report` None) the one it is about to make."""

    unit: Participation
    report: Report | None
    lines: tuple[ExportRow, ...]
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        return f"第{self.report.round}轮上报稿" if self.report else "送签稿"

    @property
    def signed(self) -> str:
        if self.report is None:
            return "送签稿，尚未签字"
        day = chinese_date(localtime(self.report.signed_at).date())
        return f"{self.report.signed_by}于{day}签字，内容摘要值{self.report.digest[:16]}"


def handed_in(unit: Participation, *, draft: bool = False) -> Handed:
    """Return the newest report with its frozen texts.

    `draft` is what is owed, as it now stands.
    """
    report = None if draft else unit.reports.filter(recalled_at=None).select_related("signed_by").first()
    found = unit.entries.select_related("item__category", "item__organ", "participation__organ", "text").order_by("id")
    if report is None:
        entries = list(found.filter(state__in=OWED))
        texts = {line.item.pk: line.guide for line in lines(Item.objects.filter(entries__in=entries))}
    else:
        entries = [each for each in found.filter(round=report.round).exclude(state="left") if each.text]
        texts = {each.item_id: each.text.guide for each in entries if each.text}
    numbered = (ExportRow(place, each.item, texts[each.item_id]) for place, each in enumerate(entries, 1))
    return Handed(unit, report, tuple(numbered), tuple(entries))


def guides_handed_in(handed: Handed, *, day: date, url: str) -> bytes:
    """Print the guides of exactly these texts as one book."""
    unit = handed.unit
    cover = Cover(
        title=f"{unit.organ}公共服务事项办事指南",
        subtitle=f"{unit.campaign} · {handed.name}\n{handed.signed}",
        on=chinese_date(day),
        qr=qr_svg(url),
        total=len(handed.lines),
        note="审定公布以前不作为办事依据",
    )
    return book.render(cover, (_chapter(handed, line, url) for line in handed.lines))


def _chapter(handed: Handed, line: ExportRow, url: str) -> Sheet:
    example = "示例：本指南为演示而编写，不能据此办事。" if handed.unit.campaign.is_example else ""
    return text_sheet(
        line.item,
        line.guide,
        status=f"{handed.name} · {handed.signed}",
        url=url,
        closing=f"本件是{handed.name}，审定公布以前不作为办事依据。",
        mark="上报稿" if handed.report else "送签稿",
        mark_note=example,
    )


FORMS = ("序号", "事项名称", "事项类别", "单位意见", "理由", "审核单位意见", "审核结论")
FORMS_WIDTHS = (0.6, 3, 1.5, 1, 2.2, 2.8, 1.4)
ABSENT = ("序号", "参考目录事项", "编码", "没有这一项的原因")


def review_forms(unit: Participation, *, day: date, draft: bool = False) -> Official:
    """Print the review forms (审核表), every item with what the unit wants and the bodies concluded, or room to write it."""
    handed = handed_in(unit, draft=draft)
    counted = "、".join(f"{name}{count}项" for name, count in _counted(handed.entries).items()) or "没有事项"
    annexes = [Annex("事项审核表", Table(FORMS, tuple(_form_lines(handed)), FORMS_WIDTHS))]
    if absent := tuple(
        (str(place), each.reference.name, each.reference.base_code, each.reason)
        for place, each in enumerate(unit.absences.select_related("reference"), 1)
    ):
        annexes.append(Annex("对照参考目录的缺项说明", Table(ABSENT, absent, (0.6, 3, 1.5, 4))))
    on = localtime(handed.report.signed_at).date() if handed.report else day
    copies = unit.campaign.plan.copies
    return Official(
        title=f"{unit.organ}公共服务事项审核表",
        addressee="",
        opening=(
            f"工作：{unit.campaign}。上报{len(handed.entries)}项，其中{counted}。{handed.signed}。",
            f"分管领导：{unit.leader or NOTHING}；牵头科室：{unit.section or NOTHING}；"
            f"经办人员：{unit.clerk or NOTHING}{f'（{unit.phone}）' if unit.phone else ''}。"
            + (f"纸质件一式{numeral(copies)}份。" if copies else ""),
        ),
        sections=(
            Section("工作进展", (Lines(tuple((unit.progress or NOTHING).splitlines())),)),
            Section("存在问题", (Lines(tuple((unit.problems or NOTHING).splitlines())),)),
            Section("工作建议", (Lines(tuple((unit.suggestions or NOTHING).splitlines())),)),
            Section("签字盖章", (Lines(SIGNATURES),)),
        ),
        annexes=tuple(annexes),
        signer=f"{unit.organ}（盖章）",
        on=on,
        number="" if handed.report else "送签稿",
        mark="示例" if unit.campaign.is_example else "",
    )


SIGNATURES = ("经办人员（签字）：", "分管领导（签字）：", "主要负责人（签字）：", "审核单位（签字、盖章）：")


def _form_lines(handed: Handed) -> Iterable[tuple[str, ...]]:
    summed = {
        each.entry_id: each
        for each in Summing.objects.filter(entry__in=[each.pk for each in handed.entries]).order_by("id")
        if handed.report and each.round == handed.report.round
    }
    for place, entry in enumerate(handed.entries, 1):
        said = summed.get(entry.pk)
        yield (
            str(place),
            handed.lines[place - 1].guide.name or entry.item.name,
            entry.item.category.name if entry.item.category else "其他",
            entry.get_disposition_display(),
            entry.disposition_note or NOTHING,
            "\n".join(said.asks) if said else "",
            said.get_conclusion_display() if said else "",
        )
