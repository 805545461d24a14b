"""A statement for leaders: what the catalogue asks of people, what to cancel first, circles, units, before and after."""

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from banshi.analysis.burden import (
    Burden,
    BurdenComparison,
    Figure,
    Shift,
    burden,
    burden_by,
    compare,
    compare_by,
    savings,
)
from banshi.analysis.measures import LABELS, MEASURES, UNITS
from banshi.analysis.proofs.cycles import Circle, circles, detours, knots, sentence, smallest_cut
from banshi.analysis.proofs.graph import ProofGraph, build_graph
from banshi.analysis.proofs.pictures import circle_svg
from banshi.analysis.statement_document import SHOWN, UNITS_TITLE, Statement, StatementChapter
from banshi.analysis.tables import Tables
from banshi.catalog.flowchart import size
from banshi.documents.sheet import Picture, Row
from banshi.rulebook.proof_names import shipped_dictionary

PICTURES = 12
NOT_KNOWN = "不详"


def statement(tables: Tables, *, title: str, owner: str, on: date, before: pa.Table | None = None) -> Statement:
    """Write the statement of a whole catalogue, a unit or a campaign.

    `before` are the items as they were.
    """
    whole = burden(tables.items)
    graph = build_graph(tables, shipped_dictionary())
    proofs, ring, change = _proofs(tables), _circles(graph), None if before is None else compare(before, tables.items)
    parts = [_overall(whole), proofs, ring, _detours(graph), _units(tables.items)]
    if before is not None and change:
        parts += [_change(change), _change_by_unit(before, tables.items)]
    card = tuple(_card(whole, proofs, ring, change))
    return Statement(title, owner, on, card, tuple(parts))


def _card(
    whole: Burden, proofs: StatementChapter, ring: StatementChapter, change: BurdenComparison | None
) -> Iterator[tuple[str, str, str]]:
    if whole.without_volume == whole.items:
        volumes_known = "都还没填办件量"
    else:
        volumes_known = f"其中{whole.without_volume:,}项没有办件量" if whole.without_volume else "都有办件量"
    yield "事项", f"{whole.items:,}项", volumes_known
    for measure in ("materials", "days", "visits"):
        figure = whole.figure(measure)
        note = f"按{figure.known:,}项计" if figure.known else "都没有填写"
        yield f"平均{LABELS[measure]}", _amount(figure.average, measure), note
    yield "可研究取消的证明", f"{len(proofs.rows):,}种", "群众要自己去开的"
    yield "循环证明", f"{len(ring.rows):,}处", "互为前提，谁也办不成" if ring.rows else "没有发现"
    if change:
        for measure in ("materials", "days", "visits"):
            shift = change.shift(measure)
            if shift.saved is None:
                saved = (f"{LABELS[shift.measure]}比上次", NOT_KNOWN, "前后没有都填写的")
            else:
                way = "减少" if shift.saved >= 0 else "增加"
                saved = (
                    f"{LABELS[shift.measure]}比上次{way}",
                    _amount(abs(shift.saved), shift.measure),
                    f"按前后都填写的{shift.items:,}项合计",
                )
            yield saved


def _overall(whole: Burden) -> StatementChapter:
    rows = tuple(_figure_row(each) for each in whole.figures)
    lines = (
        f"共{whole.items:,}项事项。没有填写的不当作零，平均数只按填写了的事项计算。",
        f"有{whole.without_volume:,}项没有办件量，“一年合计”只包括有办件量的事项。",
    )
    head = ("指标", "合计", "平均每项", "填写了的事项", "没填写的事项", "按办件量一年合计")
    return StatementChapter("总的情况", lines, head, rows, (1.3, 1.2, 1.2, 1, 1, 1.8))


def _figure_row(figure: Figure) -> Row:
    yearly = (
        NOT_KNOWN if figure.yearly is None else f"{figure.yearly:,.0f}{UNITS[figure.measure]}（{figure.weighted:,}项）"
    )
    total = _amount(figure.total, figure.measure)
    return (
        LABELS[figure.measure],
        total,
        _amount(figure.average, figure.measure),
        f"{figure.known:,}",
        f"{figure.unknown:,}",
        yearly,
    )


def _amount(value: float | None, measure: str) -> str:
    if value is None:
        return NOT_KNOWN
    return f"{value:,.1f}".removesuffix(".0") + UNITS[measure]


def _proofs(tables: Tables) -> StatementChapter:
    """Rank first the proofs whose end spares people most without any law in the way."""
    found = sorted(savings(tables), key=lambda each: (-(each.baseless or 0), -each.items + each.grounded, each.proof))
    rows = tuple(
        (
            each.proof,
            f"{each.items:,}",
            f"{each.items - each.grounded:,}",
            *(NOT_KNOWN if papers is None else f"{papers:,}份" for papers in (each.papers, each.baseless)),
            f"{each.without_volume:,}",
        )
        for each in found
    )
    lines = (
        "取消、改为承诺或者共享后，群众一年少交多少份；法律、法规、国务院决定没有规定的证明一律取消（国办发〔2018〕47号）。",
    )
    if not rows:
        lines = ("没有发现群众要自己去开的证明。",)
    head = ("证明", "涉及事项", "其中没写依据", "一年少交", "一年少交（没写依据的）", "没有办件量的事项")
    return StatementChapter("建议先取消的证明", lines, head, rows, (2.2, 1, 1.2, 1.4, 1.4, 1.2))


def _circles(graph: ProofGraph) -> StatementChapter:
    found = knots(graph)
    rings = list(circles(graph, found))
    lines: Row = ("没有发现循环证明。",)
    if rings:
        cut = smallest_cut(graph, found)
        table = graph.tables.demands.take(pa.array(cut.demands[:SHOWN], pa.int64()))
        row_of = {item: row for row, item in enumerate(graph.tables.items["item_id"].to_pylist())}
        opened = []
        for item, proof in zip(table["item_id"].to_pylist(), table["proof"].to_pylist(), strict=True):
            organ, name = (graph.tables.items[each][row_of[item]].as_py() for each in ("organ", "name"))
            opened.append(f"· {organ}“{name}”要的“{proof}”")
        lines = (
            f"发现{len(rings):,}处循环证明，打开它们{'最少' if cut.proven else ''}要取消或者改为承诺、共享的有{len(cut.demands):,}处：",
            *opened,
        )
    return _told(graph, "循环证明", lines, rings, 1)


def _detours(graph: ProofGraph) -> StatementChapter:
    found = list(detours(graph))
    lines = ("没有发现绕路。",)
    if found:
        lines = (
            f"有{len(found):,}处绕一圈但有出路：材料写了几种，凭其中一种就办得成。请把出路写清楚，或者不再要绕路的那一种。",
        )
    return _told(graph, "有出路的绕路", lines, found, PICTURES + 1)


def _told(graph: ProofGraph, title: str, lines: Row, found: list[Circle], first: int) -> StatementChapter:
    """Tell circles in rows, the first few drawn, `first` being the number their pictures begin with on the page."""
    rows = tuple((str(number), _said(graph, each), _full_width(each.doubt)) for number, each in enumerate(found, 1))
    pictures = tuple(_picture(graph, each, number) for number, each in enumerate(found[:PICTURES], first))
    return StatementChapter(title, lines, ("序号", "怎么绕", "存疑"), rows, (0, 4, 1.4), pictures)


def _said(graph: ProofGraph, circle: Circle) -> str:
    return _full_width(sentence(graph, circle))


def _full_width(text: str) -> str:
    return text.replace(",", "，").replace(";", "；")


def _picture(graph: ProofGraph, circle: Circle, number: int) -> Picture:
    drawing = circle_svg(graph, circle, number=number)
    width, height = size(drawing)
    return Picture(drawing, _said(graph, circle), width * 0.7, height * 0.7)


def _units(items: pa.Table) -> StatementChapter:
    found = sorted(burden_by(items, "organ"), key=lambda each: (-(each[1].figure("materials").average or -1), each[0]))
    rows = tuple(
        (
            organ or "（没写单位）",
            f"{each.items:,}",
            *(_amount(each.figure(m).average, m) for m in ("materials", "days", "visits")),
        )
        for organ, each in found
    )
    lines = ("按平均每项要的材料从多到少排。没有填写材料的单位排在后面。",)
    return StatementChapter(
        UNITS_TITLE, lines, ("单位", "事项", "平均材料", "平均时限", "平均到场"), rows, (2.6, 0.8, 1.1, 1.3, 1.1)
    )


def _change(change: BurdenComparison) -> StatementChapter:
    lines = [f"前后都有的{change.both:,}项事项相比；新增{change.added:,}项、减少{change.gone:,}项不计入。"]
    for measure in MEASURES:
        shift = change.shift(measure)
        if shift.items:
            told = f"{LABELS[measure]}：{_amount(shift.before, measure)} → {_amount(shift.after, measure)}（按{shift.items:,}项计"
            lines.append(told + (f"，{shift.unknown:,}项前后至少一次没填写）" if shift.unknown else "）"))
    most = sorted(change.items, key=lambda each: (-sum(old - new for old, new in each.changes.values()), each.name))
    rows = tuple((each.organ, each.name, each.sentence().partition("：")[2]) for each in most)
    links = tuple(each.guid for each in most)
    return StatementChapter("前后变化", tuple(lines), ("单位", "事项", "变化"), rows, (1.4, 2, 2.4), links=links)


def _change_by_unit(before: pa.Table, after: pa.Table) -> StatementChapter:
    found = [(organ, each) for organ, each in compare_by(before, after, "organ") if each.both]
    rows = tuple(
        (organ or "（没写单位）", f"{each.both:,}", *(_from_to(each.shift(m)) for m in ("materials", "days", "visits")))
        for organ, each in found
    )
    lines = ("各单位前后都有的事项，前后都填写了的合计。",)
    head = ("单位", "事项", "材料", "承诺时限", "到场次数")
    return StatementChapter("各单位前后变化", lines, head, rows, (2.4, 0.8, 1.5, 1.8, 1.5))


def _from_to(shift: Shift) -> str:
    if shift.saved is None:
        return NOT_KNOWN
    return f"{_amount(shift.before, shift.measure)} → {_amount(shift.after, shift.measure)}"
