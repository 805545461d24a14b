"""效能通报: the figures of a month or a year as plain data, and the paper that is written of them."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum

from banshi.core.clock import chinese_date, day_of
from banshi.core.json_types import JsonObject
from banshi.documents.charts import bars, columns
from banshi.documents.official import Annex, Official
from banshi.documents.sheet import Lines, Picture, Section, Table
from banshi.events.models import Event
from banshi.feedback.policy import policy
from banshi.people.models import Organ
from banshi.supervision.indicators import FEW_CASES, FEW_PEERS, LITTLE_KNOWN, assess, assessment
from banshi.supervision.measures import MonitoringMeasure, amounts, findings_of, measures
from banshi.supervision.models import MeasureCount, SupervisionOrder
from banshi.supervision.periods import Period
from banshi.supervision.rules import label_of_finding
from banshi.supervision.withheld_ratings import totals, withheld_organs

CHARTED = ("received", "decided", "decided_late")
TOLD = ("received", "accepted", "decided", "decided_late", "delivered", "rated", "rated_bad", "complaints", "red")
SHOWN = 20
"""Organs of a tier that stand in the text; all stand in the annex."""


def by_month(organs: QuerySet[Organ] | Collection[int], period: Period) -> dict[str, list[float]]:
    """Sum the charted measures of each month of a year, or of a month and the eleven before it."""
    months = period.months
    counted = MeasureCount.objects.filter(organ__in=organs, measure__in=CHARTED, month__gte=months[0].first)
    counted = counted.filter(month__lt=months[-1].until).order_by()
    found = {
        (code, month): amount for code, month, amount in counted.values_list("measure", "month").annotate(Sum("amount"))
    }
    return {code: [found.get((code, each.first), 0) for each in months] for code in CHARTED}


def by_month_chart(organs: QuerySet[Organ] | Collection[int], period: Period) -> Picture:
    return _chart(period, by_month(organs, period))


def figures_of(organs: QuerySet[Organ], period: Period, *, at: datetime) -> JsonObject:
    """Collect all that stands in a bulletin, as plain data that no later event changes."""
    asked, rules = measures(), assessment()
    found = amounts(organs, period, asked)
    few = withheld_organs(organs, period)
    tiers = assess(organs.filter(pk__in=list(found)).select_related("division"), found, few=few)
    since, until = period.span
    orders = SupervisionOrder.objects.filter(
        irregularity__organ__in=organs, ordered_at__gte=since, ordered_at__lt=until
    )
    by_rule = findings_of(organs, period).order_by().values_list("rule", "level").annotate(Count("pk"))
    states = findings_of(organs, period).order_by().values_list("state").annotate(Count("pk"))
    newest = Event.objects.filter(number__isnull=False).order_by("-number").values_list("number", flat=True).first()
    return {
        "period": str(period),
        "until": at.isoformat(),
        "events": newest or 0,
        "few": len(few),
        "totals": totals(found, [code for code in TOLD if code in asked], few=few),
        "labels": {code: [asked[code].label, asked[code].unit] for code in TOLD if code in asked},
        "months": by_month(organs, period),
        "least_weight": rules.least_weight,
        "least_peers": rules.least_peers,
        "indicators": {
            code: {**each.model_dump(mode="json"), "in_words": each.in_words} for code, each in rules.indicators.items()
        },
        "tiers": [
            {
                "label": label,
                "rows": [
                    {
                        "organ": each.organ.pk,
                        "name": each.organ.name,
                        "score": each.score,
                        "grade": each.grade,
                        "rank": each.rank,
                        "figures": {
                            code: [figure.value, figure.cases, figure.is_small] for code, figure in each.figures.items()
                        },
                    }
                    for each in peers
                ],
            }
            for label, peers in tiers.items()
        ],
        "rules": sorted([label_of_finding(rule, level), level, count] for rule, level, count in by_rule),
        "states": dict(states),
        "orders": {
            "given": orders.count(),
            "answered": orders.exclude(answered_at=None).count(),
            "again": orders.filter(level__gt=1).count(),
        },
    }


def paper_of(figures: JsonObject, *, organ: str, number: str, on: date, is_draft: bool, is_example: bool) -> Official:
    """Write the bulletin of a month or the report of a year."""
    told: Any = figures
    period = Period.read(told["period"])
    assert period is not None
    kind, verb = ("通报", "通报") if period.month else ("年度报告", "报告")
    ranked = [row for tier in told["tiers"] for row in tier["rows"]]
    grades = Counter(row["grade"] for row in ranked)
    opening = (
        f"现将{period.label}政务服务运行、监察和效能评估情况{verb}如下。"
        f"数据截至{chinese_date(day_of(datetime.fromisoformat(told['until'])))}，都从办理记录里数出来，可以逐件核对。"
    )
    return Official(
        title=f"{organ}关于{period.label}政务服务效能的{kind}",
        addressee="各有关单位",
        opening=(opening,),
        sections=(
            Section("总体情况", (Lines((_totals(told), _charted(period))), _chart(period, told["months"]))),
            Section("监察情况", (Lines((_supervised(told),)), *_rules(told))),
            Section(
                "评估结果",
                (
                    Lines((f"共评估{len(ranked)}个单位，{_counted(grades)}。同一层级、同一类别的单位一起排名。",)),
                    *(block for tier in told["tiers"] for block in _tier(tier)),
                ),
            ),
            Section(
                "怎么算的", (Lines(tuple(_explained(each) for each in told["indicators"].values()), numbered=True),)
            ),
        ),
        annexes=(_annex(told),) if told["tiers"] else (),
        signer=organ,
        on=on,
        number=number,
        mark="草稿，数据还在变" if is_draft else "示例" if is_example else "",
    )


def _totals(told: Any) -> str:
    least, whole = policy().rating.least_shown, told["totals"]
    few = 0 < whole.get("rated", 0) < least  # then how they rated would tell who did
    parts = [
        f"{told['labels'][code][0]}{f'不到{least}' if few and code == 'rated' else amount}{told['labels'][code][1]}"
        for code, amount in whole.items()
        if not (few and code == "rated_bad")
    ]
    if told.get("few"):  # not in those issued before it was
        parts.append(f"评价里不含评价的人太少的{told['few']}个单位")
    decided, late = told["totals"].get("decided", 0), told["totals"].get("decided_late", 0)
    share = f"，按期办结率{100 * (decided - late) / decided:.1f}%" if decided else ""
    return f"{'，'.join(parts)}{share}。"


def _chart(period: Period, months: dict[str, list[float]]) -> Picture:
    asked: dict[str, MonitoringMeasure] = measures()
    series = [(asked[code].label if code in asked else code, values) for code, values in months.items()]
    labels = [f"{each.month}月" for each in period.months]
    return columns(f"{period.months[0].label}到{period.months[-1].label}收件和决定", labels, series)


def _charted(period: Period) -> str:
    of = f"{period.months[0].label}到{period.label}" if period.month else period.label
    return f"{of}各月收件、决定和超期决定的件数如下图。"


def _supervised(told: Any) -> str:
    orders, states = told["orders"], told["states"]
    red = sum(count for _, level, count in told["rules"] if level == "red")
    every = sum(count for *_, count in told["rules"])
    if not every:
        return "监察规则没有发现问题。"
    ended = sum(states.get(each, 0) for each in ("closed", "dismissed", "censured"))
    again = f"，其中再次督办{orders['again']}件" if orders["again"] else ""
    return (
        f"监察规则发现问题{every}个，其中红灯{red}个；已经处置完{ended}个。"
        f"发出督办{orders['given']}件{again}，已答复{orders['answered']}件。"
    )


def _rules(told: Any) -> tuple[Table, ...]:
    level = {"red": "红灯", "yellow": "黄灯"}
    rows = tuple((label, level.get(light, light), str(count)) for label, light, count in told["rules"])
    return (Table(("发现的问题", "等级", "个数"), rows, (4, 1, 1)),) if rows else ()


def _tier(tier: Any) -> tuple[Any, ...]:
    scored = [(row["name"], row["score"]) for row in tier["rows"] if row["rank"] is not None]
    if not scored:
        return (Lines((f"{tier['label']}：数据不足或者同类单位少，不排名。",)),)
    some = f"（前{SHOWN}名，全部见附件）" if len(scored) > SHOWN else ""
    return (Lines((f"{tier['label']}{some}：",)), bars(f"{tier['label']}得分", scored[:SHOWN], most=100))


def _counted(grades: Counter[str]) -> str:
    return "、".join(
        f"{grade}{grades[grade]}个"
        for grade in ("优秀", "良好", "合格", "不合格", LITTLE_KNOWN, FEW_PEERS, FEW_CASES)
        if grades[grade]
    )


def _explained(each: Any) -> str:
    return (
        f"{each['label']}（权重{each['weight']}）＝{each['in_words']}；到{each['full']:g}{each['unit']}得100分，"
        f"到{each['zero']:g}{each['unit']}得0分；不到{each['smallest']}件的标“样本少”，不计分。"
    )


def _annex(told: Any) -> Annex:
    """Tabulate all organs in one annex, those of a tier together: few of a kind don't fill a page of their own."""
    indicators = told["indicators"]
    head = ("同类单位", "名次", "单位", *(each["label"] for each in indicators.values()), "得分", "等次")
    rows = tuple(
        (
            tier["label"],
            str(row["rank"] or "—"),
            row["name"],
            *(_cell(row["figures"].get(code), each["unit"]) for code, each in indicators.items()),
            "—" if row["score"] is None else f"{row['score']:g}",
            row["grade"],
        )
        for tier in told["tiers"]
        for row in tier["rows"]
    )
    widths = (1.8, 0.8, 2.8, *(1.15 for _ in indicators), 0.9, 1.9)
    return Annex("各单位评估结果", Table(head, rows, widths), _how_ranked(told))


def _how_ranked(told: Any) -> str:
    some = "名次只在同类单位里排。带*的样本少，只供参考，不计分。"
    if "least_weight" not in told:  # issued before these were
        return some
    return f"{some}计分的指标权重不到{told['least_weight']}%的、同类有总分的不到{told['least_peers']}个的，不排名次、不评等次。"


def _cell(figure: Any, unit: str) -> str:
    if figure is None or figure[0] is None:
        return "—"
    return f"{figure[0]:g}{unit}{'*' if figure[2] else ''}"
