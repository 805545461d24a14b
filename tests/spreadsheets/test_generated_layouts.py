"""However a department lays its table out, every item is found, with its owner, and nothing else is."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import organ
from tests.spreadsheets.sheets import look, workbook
from tests.work import examples

from banshi.core.errors import BadInput
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.preview import preview
from banshi.spreadsheets.workbook_reader import SourceSheet, SourceWorkbook

pytestmark = pytest.mark.django_db
OWNERS = ("县教育局", "县民政局", "县卫生健康局")
NAMES = st.text(alphabet="入学登记办理救助低保医疗申请证明补贴", min_size=3, max_size=12)
TITLES = ("示例县公共服务事项目录表", "附件1", "填报说明:一个事项一行", "(2026年)")
FOOTERS = ("填报人:张三", "审核人:", "填报日期:2026年11月", "合计", "注:表格可续页", "单位(盖章)")


def wide(text: str) -> str:
    """As an input method in full-width mode writes it."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[Any]], list[str], list[tuple[str, str]]]:
    """Rows of a sheet, its merged areas, and the (name, owner) of each item in it."""
    items = sorted(
        draw(st.lists(st.tuples(NAMES, st.sampled_from(OWNERS)), min_size=1, max_size=9, unique_by=lambda i: i[0])),
        key=lambda i: i[1],
    )
    name = draw(st.sampled_from(["事项名称", "项目名称", "服务事项", "公共服务事项名称", "*事项名称", "事 项 名 称"]))
    owner = draw(st.sampled_from(["实施主体", "实施单位", "责任单位", "实施机关", "承办机构"]))
    number, note = draw(st.sampled_from(["序号", "编号"])), draw(st.sampled_from(["备注", "说明"]))
    width = draw(st.booleans())
    two_rows, merged_owner = draw(st.booleans()), draw(st.booleans())
    rows: list[list[Any]] = [[draw(st.sampled_from(TITLES))] for _ in range(draw(st.integers(0, 3)))]
    merges = [f"A{at}:E{at}" for at in range(1, len(rows) + 1)]
    rows += [[] for _ in range(draw(st.integers(0, 2)))]
    top = len(rows) + 1
    header = [number, name, owner, None, note] if two_rows else [number, name, owner, "去年件数", note]
    rows.append([wide(each) if width and each else each for each in header])
    if two_rows:
        rows.append([None, None, "单位名称", "单位代码", None])
        merges += [f"{letter}{top}:{letter}{top + 1}" for letter in "ABE"] + [f"C{top}:D{top}"]
    if draw(st.booleans()):
        rows.append(["1", "2", "3", "4", "5"])
    first = len(rows) + 1
    for at, (title, holder) in enumerate(items):
        again = merged_owner and at and items[at - 1][1] == holder
        rows.append([at + 1, wide(title) if width else title, None if again else holder, None, None])
    if merged_owner:
        merges += _areas([holder for _, holder in items], first)
    rows += [[] for _ in range(draw(st.integers(0, 1)))]
    rows += [[None, footer] for footer in draw(st.lists(st.sampled_from(FOOTERS), max_size=3))]
    return rows, merges, items


def _areas(owners: list[str], first: int) -> list[str]:
    starts = [at for at in range(len(owners)) if not at or owners[at - 1] != owners[at]]
    ends = [*starts[1:], len(owners)]
    return [f"C{first + a}:C{first + b - 1}" for a, b in zip(starts, ends, strict=True) if b - a > 1]


@given(tables())
@settings(
    max_examples=examples(50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_item_is_found_with_its_owner(table: tuple[list[list[Any]], list[str], list[tuple[str, str]]]) -> None:
    rows, merges, items = table
    from banshi.people.models import Organ

    if not Organ.objects.exists():
        for each in OWNERS:
            organ(each)
    found = look(workbook(rows, {"目录表": merges}))
    assert [(row.name, str(row.owner.organ)) for row in found.rows] == items
    assert found.errors == []


cells = st.one_of(
    st.just(""),
    st.text(max_size=8),
    st.sampled_from(["事项名称", "实施主体", "合计", "填报人:", "1", "=1+1", "承诺时限", "材料名称", "申请材料"]),
)


@given(
    st.lists(st.lists(cells, max_size=6), max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 4), st.integers(0, 4)), max_size=4),
)
@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cells_at_all_are_previewed_or_refused_in_words(
    rows: list[list[str]], areas: list[tuple[int, int, int, int]]
) -> None:
    merges = [((top, left), (top + high, left + broad)) for top, left, high, broad in areas]
    book = SourceWorkbook("随便.xlsx", "0" * 64, "xlsx", [SourceSheet("表", rows, merges=merges)], knows_merges=True)
    try:
        found = preview(book, Owners([], create=True))
    except BadInput as error:
        assert error.message
    else:
        assert len(found.rows) <= len(rows)
        for row in found.rows:
            row.guide()
