"""The lists behind the board's figures, as their addresses describe them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from banshi.campaigns import queries
from banshi.campaigns.models import Campaign, Entry, Participation
from banshi.campaigns.progress import round_label
from banshi.people.enums import DivisionLevel
from banshi.people.models import Division
from banshi.sites.kit.listing.filters import Contains, Equals, Filter, Filters, Key
from banshi.workflow.versions import states_of

DIVISIONS_IN_FILTER = 500


class EntryFilters(Filters):
    """Filters of entries. `unit` is a participation, `round` "0" means not reported yet."""

    unit = Key("participation")
    q = Contains("item__name", label="事项名称")
    state = Equals("state", "状态")
    round = Key("round", "轮次")
    batch = Equals("batch", "批次")
    level = Key("participation__organ__division__level", "层级")
    division = Equals("participation__organ__division", "区划")


class UnitFilters(Filters):
    show = Filter(
        options=[
            ("nameless", "没写明三人的"),
            ("overdue", "逾期未报的"),
            ("waiting", "还没有报的"),
            ("reported", "已上报的"),
            ("left", "已退出的"),
        ]
    )
    unit = Key("pk")
    q = Contains("organ__name", label="单位名称")
    batch = Equals("batch", "批次")
    level = Key("organ__division__level", "层级")
    division = Equals("organ__division", "区划")

    def narrowed(self, campaign: Campaign, units: QuerySet[Participation], day: date) -> QuerySet[Participation]:
        match self.show:
            case "nameless":
                units = units.filter(pk__in=queries.units_without_contacts(campaign).values("pk"))
            case "overdue":
                units = units.filter(pk__in=queries.units_overdue(campaign, day).values("pk"))
            case "reported":
                units = units.filter(reported_round__gt=0)
            case "waiting":
                units = units.filter(reported_round=0, left_at=None)
            case "left":
                units = units.exclude(left_at=None)
        return units.filter(self.condition())


class ExplanationFilters(Filters):
    """`unit` is a participation."""

    unit = Key("participation")
    q = Contains("reference__name", label="参考目录事项")


def place_options(campaign: Campaign, units: QuerySet[Participation]) -> dict[str, list[tuple[str, str]]]:
    """List batch, tier and place, as far as there is more than one."""
    divisions = Division.objects.filter(pk__in=units.order_by().values("organ__division"))
    places = list(divisions.order_by("code").values_list("code", "name", "level")[:DIVISIONS_IN_FILTER])
    levels = sorted({level for _, _, level in places})
    found = {
        "batch": [(each.code, each.label) for each in campaign.plan.batches],
        "level": [(str(level), str(DivisionLevel(level).label)) for level in levels],
        "division": [(code, name) for code, name, _ in places],
    }
    return {name: options for name, options in found.items() if len(options) > 1}


def entry_options(campaign: Campaign, units: QuerySet[Participation]) -> dict[str, list[tuple[str, str]]]:
    states = [(code, each.label) for code, each in states_of("entry").items()]
    rounds = [(str(number), round_label(campaign, number)) for number in range(campaign.plan.rounds + 1)]
    return {"state": states, "round": rounds, **place_options(campaign, units)}


ENTRY_HEAD = ("序号", "单位", "区划", "批次", "事项", "事项类别", "单位意见", "理由", "轮次", "状态", "审定结果")
UNIT_HEAD = (
    *("序号", "单位", "区划", "批次", "分管领导", "牵头科室", "经办人员", "联系电话"),
    *("已上报到", "应报期限", "到期情况", "备注"),
)


def entry_lines(campaign: Campaign, entries: QuerySet[Entry]) -> Iterable[Sequence[str]]:
    states, batches = states_of("entry"), {each.code: each.label for each in campaign.plan.batches}
    rows = entries.select_related("item__category", "participation__organ__division")
    for place, each in enumerate(rows.iterator(500), 1):
        yield (
            str(place),
            str(each.participation.organ),
            each.participation.organ.division.name,
            batches.get(each.batch, ""),
            each.item.name,
            each.item.category.name if each.item.category else "",
            each.get_disposition_display(),
            each.disposition_note,
            f"第{each.round}轮" if each.round else "未上报",
            states[each.state].label,
            each.get_final_display() if each.final else "",
        )
