"""随报清单: what a unit reports besides its guides, drawn from its registers and its items as they stand."""

from collections.abc import Callable, Iterable

from banshi.campaigns.enums import ReportedList
from banshi.campaigns.models import HandedIn, Participation
from banshi.campaigns.printouts import cited
from banshi.catalog.queries import newest_texts
from banshi.registers.models import Agency, Transfer

Rows = list[list[str]]
BASES_NAMED = 3


def rows_of(unit: Participation, annex: ReportedList) -> Rows:
    """Return a header, then one line for each thing on the list now."""
    header, lines = COLUMNS[annex], LINES[annex](unit)
    return [list(header), *([str(cell) for cell in line] for line in lines)]


def handed_in(unit: Participation, annex: ReportedList, number: int) -> HandedIn | None:
    return next((each for each in unit.handed_in.all() if each.annex == annex and each.round == number), None)


def missing_annexes(unit: Participation) -> list[ReportedList]:
    """List what the next report needs and was not handed in.

    The one for the item library is made when it is signed.
    """
    number = unit.reported_round + 1
    wanted = [each for each in unit.campaign.plan.annexes_of(number) if each != ReportedList.LIBRARY]
    return [each for each in wanted if handed_in(unit, each, number) is None]


def _catalogue(unit: Participation) -> Iterable[tuple[str, ...]]:
    entries = list(unit.entries.exclude(state="left").select_related("item__category").order_by("id"))
    _, texts = newest_texts([each.item_id for each in entries])
    for each in entries:
        text, category = texts.get(each.item_id), each.item.category
        bases = [f"{cited(b.title)}{b.articles}" for b in text.guide.bases[:BASES_NAMED]] if text else []
        yield each.item.name, category.name if category else "其他", unit.organ.name, "；".join(bases)


def _library(unit: Participation) -> Iterable[tuple[str, ...]]:
    entries = list(unit.entries.exclude(state="left").select_related("item__category").order_by("id"))
    _, texts = newest_texts([each.item_id for each in entries])
    for each in entries:
        text, category = texts.get(each.item_id), each.item.category
        kind = each.item.get_kind_display()
        yield (
            each.item.name,
            each.item.base_code,
            kind,
            category.name if category else "其他",
            unit.organ.name,
            each.get_disposition_display(),
            text.digest[:16] if text else "",
        )


def _agencies(unit: Participation) -> Iterable[tuple[str, ...]]:
    found = Agency.objects.filter(organ=unit.organ_id, left_on=None).order_by("name")
    for each in found.prefetch_related("offers__service"):
        services = "；".join(f"{offer.service}（{offer.qualification}）" for offer in each.offers.all())
        yield each.name, each.uscc, each.phone, services


def _transfers(unit: Participation) -> Iterable[tuple[str, ...]]:
    found = (
        Transfer.objects.filter(organ=unit.organ_id).exclude(state="withdrawn").select_related("item").order_by("id")
    )
    return ((each.item.name, each.function, each.reason) for each in found)


COLUMNS: dict[ReportedList, tuple[str, ...]] = {
    ReportedList.CATALOGUE: ("事项名称", "事项类别", "实施单位", "主要依据"),
    ReportedList.LIBRARY: ("事项名称", "编码", "类型", "类别", "实施单位", "处置意见", "内容摘要值"),
    ReportedList.AGENCIES: ("机构名称", "统一社会信用代码", "电话", "中介服务（资质）"),
    ReportedList.TRANSFERS: ("事项", "可转移的职能", "理由"),
}
LINES: dict[ReportedList, Callable[[Participation], Iterable[tuple[str, ...]]]] = {
    ReportedList.CATALOGUE: _catalogue,
    ReportedList.LIBRARY: _library,
    ReportedList.AGENCIES: _agencies,
    ReportedList.TRANSFERS: _transfers,
}
