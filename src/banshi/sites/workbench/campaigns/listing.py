"""The lists behind the board's figures, as their addresses describe them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from tempfile import TemporaryFile
from typing import IO, Any, Self

from django.db.models import Q, QuerySet
from django.http import QueryDict

from banshi.campaigns import queries
from banshi.campaigns.models import Campaign, Entry, Participation
from banshi.campaigns.progress import round_label
from banshi.people.enums import DivisionLevel
from banshi.people.models import Division
from banshi.sites.workbench.access import as_key, text_in
from banshi.workflow.versions import states_of

SETTINGS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
DIVISIONS_IN_FILTER = 500
Choices = list[tuple[str, str, list[tuple[str, str]]]]


class EntryFilters:
    """What an address asks for; "" asks for nothing."""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        return cls(**{each.name: text_in(query, each.name) for each in fields(cls)})  # type: ignore[arg-type]

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))  # type: ignore[arg-type]

    def as_query(self) -> str:
        """As it stands in an address, without what is empty."""
        query = QueryDict(mutable=True)
        query.update({f.name: value for f in fields(self) if (value := getattr(self, f.name))})  # type: ignore[arg-type]
        return query.urlencode()


@dataclass(frozen=True, slots=True)
class EntriesAsked(EntryFilters):
    """`unit` is a participation; `round` "0": not reported yet."""

    q: str = ""
    state: str = ""
    round: str = ""
    batch: str = ""
    level: str = ""
    division: str = ""
    unit: str = ""

    def condition(self) -> Q:
        wanted = Q()
        if self.q:
            wanted &= Q(item__name__icontains=self.q)
        if self.state:
            wanted &= Q(state=self.state)
        if self.round:
            wanted &= Q(round=as_key(self.round))
        if self.batch:
            wanted &= Q(batch=self.batch)
        if self.level:
            wanted &= Q(participation__organ__division__level=as_key(self.level))
        if self.division:
            wanted &= Q(participation__organ__division=self.division)
        if self.unit:
            wanted &= Q(participation=as_key(self.unit))
        return wanted


@dataclass(frozen=True, slots=True)
class UnitsAsked(EntryFilters):
    """`show`: nameless, overdue, reported, waiting or left."""

    q: str = ""
    show: str = ""
    batch: str = ""
    level: str = ""
    division: str = ""
    unit: str = ""

    def narrowed(self, campaign: Campaign, units: QuerySet[Participation], day: Any) -> QuerySet[Participation]:
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
        return units.filter(self._condition())

    def _condition(self) -> Q:
        wanted = Q()
        if self.q:
            wanted &= Q(organ__name__icontains=self.q)
        if self.batch:
            wanted &= Q(batch=self.batch)
        if self.level:
            wanted &= Q(organ__division__level=as_key(self.level))
        if self.division:
            wanted &= Q(organ__division=self.division)
        if self.unit:
            wanted &= Q(pk=as_key(self.unit))
        return wanted


@dataclass(frozen=True, slots=True)
class ExplanationsAsked(EntryFilters):
    """`unit` is a participation."""

    q: str = ""
    unit: str = ""


def place_choices(campaign: Campaign, units: QuerySet[Participation]) -> Choices:
    """Batch, tier and place, as far as there is more than one."""
    divisions = Division.objects.filter(pk__in=units.order_by().values("organ__division"))
    places = list(divisions.order_by("code").values_list("code", "name", "level")[:DIVISIONS_IN_FILTER])
    levels = sorted({level for _, _, level in places})
    found: Choices = [
        ("batch", "批次", [(each.code, each.label) for each in campaign.plan.batches]),
        ("level", "层级", [(str(level), str(DivisionLevel(level).label)) for level in levels]),
        ("division", "区划", [(code, name) for code, name, _ in places]),
    ]
    return [choice for choice in found if len(choice[2]) > 1]


def entry_choices(campaign: Campaign, units: QuerySet[Participation]) -> Choices:
    states = [(code, each.label) for code, each in states_of("entry").items()]
    rounds = [(str(number), round_label(campaign, number)) for number in range(campaign.plan.rounds + 1)]
    return [("state", "状态", states), ("round", "轮次", rounds), *place_choices(campaign, units)]


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


def workbook(title: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> IO[bytes]:
    """Written to disk row by row; every text as text."""
    import xlsxwriter  # 13 MB in each request process, for a file rarely asked for

    file = TemporaryFile()  # noqa: SIM115 - closed by FileResponse
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        line = {"border": 1, "border_color": "#B8C2CC", "font_name": "宋体", "font_size": 10, "text_wrap": True}
        top, bold = book.add_format({"bold": True, "font_size": 16}), book.add_format({**line, "bold": True})
        cell = book.add_format({**line, "valign": "top"})
        sheet = book.add_worksheet(title[:31])
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        sheet.freeze_panes(2, 2)
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, len(head) - 1, 20)
        sheet.write_string(0, 0, title, top)
        sheet.write_row(1, 0, head, bold)
        for number, cells in enumerate(lines, 2):
            for place, text in enumerate(cells):
                sheet.write_string(number, place, text, cell)
    file.seek(0)
    return file
