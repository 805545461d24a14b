"""The catalogue looked at as a whole: the statement, and what is only seen across items.

Offices that send people on, items that are twice, items handled otherwise elsewhere, cancelled powers that come back,
entries of the reference catalogue nobody claimed.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pyarrow as pa

from banshi.analysis.duplicates.coverage import Reference, coverage
from banshi.analysis.duplicates.names import Reader
from banshi.analysis.duplicates.pairs import Likeness, duplicates
from banshi.analysis.duplicates.powers import Cancelled, comebacks
from banshi.analysis.duplicates.unity import Places
from banshi.analysis.proofs.cycles import Errands, errands, ways_of
from banshi.analysis.proofs.graph import ProofGraph, build_graph
from banshi.analysis.statement import statement
from banshi.analysis.statement_document import Statement, StatementChapter
from banshi.analysis.tables import Tables
from banshi.documents.sheet import Row
from banshi.rulebook.proof_names import shipped_dictionary
from banshi.rulebook.word_lists import shipped_words

ROWS_KEPT = 2_000
"""Of each chapter; how many there are in all is always said."""
NAMES_SHOWN = 4


def overview(
    tables: Tables,
    references: Iterable[Reference],
    powers: Iterable[Cancelled],
    *,
    owner: str,
    on: date,
    before: pa.Table | None = None,
    reader: Reader | None = None,
) -> Statement:
    """Say everything there is to say of the catalogue, chapter by chapter."""
    paper = statement(tables, title="公共服务事项清理规范情况", owner=owner, on=on, before=before)
    more = (
        _chains(build_graph(tables, shipped_dictionary())),
        _twice(tables.items, reader),
        _unity(tables.items, reader),
        _back(tables.items, powers, reader),
        _coverage(tables.items, references, reader),
    )
    return replace(paper, parts=(*paper.parts, *more))


def _part(
    title: str, line: str, none: str, head: Row, shares: tuple[float, ...], rows: Iterable[tuple[str, Row]]
) -> StatementChapter:
    """Build a chapter of rows, each with the guid of its item."""
    # `line` has room for how many there are.
    found = list(rows)
    lines = [line.format(len(found)) if found else none]
    if len(found) > ROWS_KEPT:
        lines.append(f"这里只列前{ROWS_KEPT:,}行。")
    kept = found[:ROWS_KEPT]
    return StatementChapter(
        title, tuple(lines), head, tuple(row for _, row in kept), shares, links=tuple(guid for guid, _ in kept)
    )


class _Items:
    """The columns that rows are told by."""

    def __init__(self, items: pa.Table) -> None:
        self.guids, self.names, self.organs = (
            [each or "" for each in items[column].to_pylist()] for column in ("guid", "name", "organ")
        )

    def told(self, row: int) -> str:
        return f"{self.organs[row] or '（没写单位）'}“{self.names[row]}”"


def _chains(graph: ProofGraph) -> StatementChapter:
    held = {shipped_dictionary().meaning(name).proof for name in shipped_words().list_of("held_anyway")}
    said, ways = _Items(graph.tables.items), ways_of(graph, held)
    found = [(row, errands(graph, row, ways)) for row in ways]
    order = sorted(found, key=lambda each: (-len(each[1].offices), -len(each[1].rounds), each[0]))
    rows = (
        (
            said.guids[row],
            (said.organs[row], said.names[row], f"{len(todo.offices)}家", _rounds(said, todo)),
        )
        for row, todo in order
    )
    return _part(
        "办之前要先跑的单位",
        "有{:,}项事项，申请之前要先到别处办好材料。跑的单位多的排在前面。",
        "没有哪一项要先到别处办材料。",
        ("单位", "事项", "先跑", "先办什么"),
        (1.4, 1.8, 0.6, 3.2),
        rows,
    )


def _rounds(said: _Items, todo: Errands) -> str:
    """List the rounds, the first to be done first."""
    words = "，再".join("、".join(said.told(row) for row in part) for part in reversed(todo.rounds))
    return f"先到{words}" + ("（绕回自己，办不成）" if todo.circular else "")


def _twice(items: pa.Table, reader: Reader | None) -> StatementChapter:
    said = _Items(items)
    found = sorted(duplicates(items, reader), key=lambda each: (each.verdict.likeness is not Likeness.SAME, each.rows))
    return _part(
        "重复和疑似重复",
        "同一级、同一地方有{:,}组事项像是同一件事，请核对后合并或写清区别。",
        "没有发现重复的事项。",
        ("判断", "事项", "理由"),
        (1.1, 3, 2.4),
        (
            (
                said.guids[each.rows[0]],
                (
                    each.verdict.likeness.label,
                    "、".join(said.told(row) for row in each.rows[:NAMES_SHOWN]),
                    each.verdict.reason,
                ),
            )
            for each in found
        ),
    )


def _unity(items: pa.Table, reader: Reader | None) -> StatementChapter:
    places, said = Places(items), _Items(items)
    rows = (
        (said.guids[row], (said.organs[row], said.names[row], sentence))
        for unity in places.united(reader)
        for row in unity.rows
        for sentence in places.sentences(unity, row)
    )
    return _part(
        "纵横统一",
        "有{:,}项事项，别的地方或别的层级办同一件事，名称、时限、材料、到场或收费不一样。",
        "没有发现同一事项在各地、各级不一致的。",
        ("单位", "事项", "和别处比"),
        (1.4, 1.8, 3.6),
        rows,
    )


def _back(items: pa.Table, powers: Iterable[Cancelled], reader: Reader | None) -> StatementChapter:
    said = _Items(items)
    rows = (
        (said.guids[each.row], (said.organs[each.row], said.names[each.row], each.power.name, each.reason))
        for each in comebacks(items, powers, reader)
    )
    return _part(
        "像是已取消的权力",
        "有{:,}项事项的对象和已经取消的权力相同或相近，要逐项核对，防止变相恢复。",
        "没有发现已取消的权力换名回来。",
        ("单位", "事项", "已取消的权力", "理由"),
        (1.4, 1.8, 1.8, 2.6),
        rows,
    )


def _coverage(items: pa.Table, references: Iterable[Reference], reader: Reader | None) -> StatementChapter:
    found, said = coverage(items, references, reader=reader), _Items(items)
    own = (
        (
            said.guids[each.row],
            (
                "没用参考编码",
                f"{each.reference.base_code} {each.reference.name}",
                f"{said.told(each.row)}像是这一项，请认领",
            ),
        )
        for each in found.own_codes
    )
    omitted = (("", ("没有单位认领", f"{each.base_code} {each.name}", "请核对是否漏项")) for each in found.omitted)
    rows = [*omitted, *own]
    return _part(
        "对照统一参考目录",
        found.sentence(),
        found.sentence(),
        ("情况", "参考目录事项", "说明"),
        (1, 2.4, 2.6),
        rows,
    )
