"""Papers of a campaign: 送审稿, 通报, 审核表. Each is made from the same rows the pages show."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from banshi.papers.official import Annex, Official
from banshi.papers.sheet import Lines, Section, Table
from banshi.reviews.models import Bulletin, Campaign, Entry, Participation
from banshi.workflow.definition import workflow

DIRECTORY = ("序号", "事项名称", "事项类别", "实施单位", "主要依据", "处置意见")
DIRECTORY_WIDTHS = (0.6, 3, 1.4, 2, 3, 1)
NOTHING = "无"
BASES_SHOWN = 3


def draft_for_decision(campaign: Campaign, day: date) -> Official:
    """送审稿: what passed review, for the government meeting: figures, how it was examined, the list itself."""
    entries = list(_to_decide(campaign))
    by_disposition = _counted(entries)
    parts = "、".join(f"拟{name}{count}项" for name, count in by_disposition.items())
    units = len({entry.participation_id for entry in entries})
    opening = (
        f"按照“{campaign}”的安排（{campaign.plan.label}），经{units}个单位梳理上报、审核单位逐项审核，"
        f"形成公共服务事项{len(entries)}项，现提请审定。",
    )
    sections = (
        Section("基本情况", (Lines((f"提请审定{len(entries)}项，其中{parts}。",)),)),
        Section("审核过程", (Lines(tuple(_story(campaign)), numbered=True),)),
        Section("征求意见情况", (Lines((_consulted(campaign),)),)),
        Section("提请审定的事项", (Lines(("事项清单见附件。审定后按定的日期一次公布，各渠道同时更新。",)),)),
    )
    annex = Annex("公共服务事项清单（送审稿）", _directory(entries))
    return Official(
        title=f"关于提请审定公共服务事项清单的请示（{campaign.division.name}）",
        addressee=f"{campaign.division.name}人民政府",
        opening=opening,
        sections=sections,
        annexes=(annex,),
        signer=campaign.organ.name,
        on=day,
        mark="示例" if campaign.is_example else "",
    )


def _to_decide(campaign: Campaign) -> Any:
    found = campaign.entries.filter(state="agreed").select_related("item__category", "participation__organ", "text")
    return found.order_by("participation__organ__division_id", "participation__organ_id", "id")


def _counted(entries: Iterable[Entry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        label = entry.get_disposition_display()
        counts[label] = counts.get(label, 0) + 1
    return counts


def _story(campaign: Campaign) -> Iterable[str]:
    """One sentence for each phase that has dates."""
    spans: dict[str, list[date]] = {}
    for stage in campaign.stages.all():
        spans.setdefault(stage.phase, []).extend((stage.begins, stage.ends))
    for phase in campaign.plan.phases:
        if days := spans.get(phase.code):
            first, last = min(days), max(days)
            task = phase.task.rstrip("。")
            yield f"{phase.label}（{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日）：{task}。"


def _consulted(campaign: Campaign) -> str:
    consultation = getattr(campaign, "consultation", None)
    if consultation is None:
        return "本次方案未安排公示征求意见。"
    comments = consultation.comments.all()
    taken = sum(1 for each in comments if each.accepted)
    opens, closes = consultation.opens, consultation.closes
    return (
        f"{opens.year}年{opens.month}月{opens.day}日至{closes.month}月{closes.day}日公示，收到意见{len(comments)}条，"
        f"采纳{taken}条，已逐条答复。{consultation.summary}"
    )


def _directory(entries: list[Entry]) -> Table:
    return Table(DIRECTORY, tuple(_line(place, each) for place, each in enumerate(entries, 1)), DIRECTORY_WIDTHS)


def _line(place: int, entry: Entry) -> tuple[str, ...]:
    bases = [f"《{each.title.strip('《》')}》{each.articles}" for each in entry.text.guide.bases] if entry.text else []
    category = entry.item.category.name if entry.item.category else "其他"
    shown = "\n".join(bases[:BASES_SHOWN]) or NOTHING
    return str(place), entry.item.name, category, str(entry.participation.organ), shown, entry.get_disposition_display()


def bulletin_paper(bulletin: Bulletin) -> Official:
    """通报: figures, ranking, problems, who must put what right by when."""
    content, campaign = bulletin.content, bulletin.campaign
    totals = "，".join(f"{label}{count}项" for label, count in content["totals"].items()) or "还没有列入事项"
    progress = tuple(
        f"{row['label']}：{row['units']}个单位中{row['reported']}个已上报，共{row['entries']}项。"
        for row in content["batches"]
    )
    orders = tuple(
        f"{each.participation.organ}：{each.text.rstrip('。')}，{each.due.month}月{each.due.day}日前整改到位并报告。"
        for each in bulletin.orders.select_related("participation__organ")
    )
    sections = [
        Section("总体进展", (Lines((f"截至{_cn(content['day'])}，{totals}。", *progress)),)),
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
        annexes=(Annex("各单位进度排名", _ranking(content["ranking"])),),
        signer=campaign.organ.name,
        on=issued.date(),
        number=f"第{bulletin.number}期",
        mark="示例" if campaign.is_example else "",
    )


def _cn(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.year}年{on.month}月{on.day}日"


def _troubles(content: dict[str, Any]) -> Iterable[str]:
    if content["overdue"]:
        yield f"逾期未上报的单位：{'、'.join(content['overdue'])}。"
    if content["nameless"]:
        yield f"没有明确分管领导、牵头科室和经办人员的单位：{'、'.join(content['nameless'])}。"
    if content["problems"]:
        told = "、".join(f"{row['unit']}{row['count']}处" for row in content["problems"])
        yield f"规则检查必须改而没有改的：{told}。"
    if not (content["overdue"] or content["nameless"] or content["problems"]):
        yield "未发现突出问题。"


def _ranking(rows: list[dict[str, Any]]) -> Table:
    lines = tuple(
        (
            str(place),
            row["unit"],
            str(row["entries"]),
            str(row["done"]),
            f"{row['percent']}%",
            f"第{row['round']}轮" if row["round"] else "未上报",
        )
        for place, row in enumerate(rows, 1)
    )
    return Table(("名次", "单位", "事项数", "审核通过", "完成率", "已上报"), lines, (0.6, 3, 1, 1, 1, 1.2))


def review_forms(unit: Participation) -> Official:
    """审核表: every item of a unit's newest report with its own disposition, and room for what reviewers say."""
    found = unit.entries.exclude(state__in=("preparing", "left")).select_related(
        "item__category", "participation__organ", "text"
    )
    entries = list(found.order_by("id"))
    states = workflow("entry").states
    rows = tuple(
        (str(place), e.item.name, e.get_disposition_display(), e.disposition_note or "", states[e.state].label, "")
        for place, e in enumerate(entries, 1)
    )
    report = unit.reports.filter(recalled_at=None).select_related("signed_by").first()
    signed = (
        f"{report.signed_by}于{_cn(report.signed_at.date().isoformat())}签字，摘要值{report.digest[:16]}"
        if report
        else "尚未签字"
    )
    return Official(
        title=f"{unit.organ}公共服务事项审核表",
        addressee="",
        opening=(
            f"单位：{unit.organ}。分管领导：{unit.leader}；牵头科室：{unit.section}；经办人员：{unit.clerk}。{signed}。",
        ),
        sections=(
            Section("工作进展", (Lines((unit.progress or NOTHING,)),)),
            Section("存在问题", (Lines((unit.problems or NOTHING,)),)),
            Section("工作建议", (Lines((unit.suggestions or NOTHING,)),)),
        ),
        annexes=(
            Annex(
                "事项和审核意见",
                Table(("序号", "事项名称", "单位意见", "理由", "状态", "审核意见"), rows, (0.6, 3, 1, 2, 1.2, 2.4)),
            ),
        ),
        signer=f"{unit.organ}（盖章）",
        on=report.signed_at.date() if report else unit.campaign.created_at.date(),
        mark="示例" if unit.campaign.is_example else "",
    )
