"""`banshi import`: a department's spreadsheet (or JSON records) into the catalogue."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from banshi.command.cli import app, django_ready, errors, has_tables, progress, screen

if TYPE_CHECKING:
    from banshi.people.models import Division
    from banshi.spreadsheets.organ_matching import Owners
    from banshi.spreadsheets.preview import Preview

PROBLEMS_PRINTED = 60
CELLS_NAMED = 3
SAID_NOTES = ("filled", "hidden", "rows")
"""Notes of what was read otherwise than it stands there, which are printed like doubts."""
SIGNS = {"error": "[red]错误[/red]", "doubt": "[yellow]疑问[/yellow]", "note": "说明"}


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="xlsx、xls、xlsb、ods、csv 或 json 文件")],
    preview: bool = typer.Option(False, "--preview", help="只看会怎样，什么也不写"),
    as_json: bool = typer.Option(False, "--json", help="与 --preview 同用：打印 JSON"),
    division: str = typer.Option("", help="区划代码：新建的单位放在这里，也只在这个区划里找单位"),
    owner: int = typer.Option(0, help="没写实施主体的行归这个单位（单位编号）"),
    mapping: Annotated[
        Path | None, typer.Option(help="改正过的列对应（JSON，格式同 --preview --json 的 mapping）")
    ] = None,
    create_organs: bool = typer.Option(False, "--create-organs", help="新建没登记过的单位"),
    hidden_rows: bool = typer.Option(False, "--hidden-rows", help="隐藏、被筛选掉、划掉的行也读"),
    marked: Annotated[Path | None, typer.Option(help="把标出问题的表格存到这里（xlsx）")] = None,
    publish: bool = typer.Option(False, "--publish", help="导入后马上公布"),
    yes: bool = typer.Option(False, "--yes", help="不再询问"),
) -> None:
    """把表格导入目录：先预览，再全部导入，或者一条也不导入。"""
    with django_ready():
        from django.db import connection

        if preview and connection.vendor == "sqlite" and not has_tables():
            create_organs = _begin_empty()
        place = _division(division)
        corrected = json.loads(mapping.read_text(encoding="utf-8")) if mapping else {}
        corrected |= {"read_hidden": True} if hidden_rows else {}
        found = _look(file, place, owner, create_organs, corrected, quiet=as_json)
        if marked:
            from banshi.spreadsheets.annotated_workbook import marked_workbook

            marked.write_bytes(marked_workbook(file.read_bytes(), found))
            screen.print(f"标出问题的表格已存为 {marked}")
        if as_json:
            print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        else:
            _show(found)
        if not preview:
            _import(file, found, place, _owners(place, owner, create_organs), corrected, publish=publish, yes=yes)


def _begin_empty() -> bool:
    """Set up an empty catalogue in memory for previews before anything is installed, where every organ is new."""
    from django.db import connection

    from banshi.access import CommandLine
    from banshi.catalog.actions import load_categories
    from banshi.command.demo.tables import table
    from banshi.core.clock import now
    from banshi.core.schema import create_tables

    connection.close()
    connection.settings_dict |= {"NAME": ":memory:"}
    create_tables(connection)
    load_categories(table("vocab/categories.csv"), by=CommandLine("import"), at=now())
    errors.print("还没有数据库：按空的目录预览，表里的单位都当作新单位。", highlight=False)
    return True


def _division(code: str) -> "Division | None":
    """Return the division named."""
    # When none is, the whole place there is, or None where there are several side by side.
    from banshi.core.errors import BadInput
    from banshi.people.models import Division

    if not code:
        tops = Division.objects.filter(parent=None).order_by("code")[:2]
        return tops[0] if len(tops) == 1 else None
    found = Division.objects.filter(code=code).first()
    if found is None:
        raise BadInput(f"没有区划“{code}”", remedy="请用 2、4、6、9 或 12 位区划代码。")
    return found


def _owners(place: "Division | None", owner: int, create: bool) -> "Owners":
    from banshi.core.errors import BadInput
    from banshi.people.models import Organ
    from banshi.spreadsheets.organ_matching import Owners

    organs = Organ.objects.select_related("division")
    organs = organs.filter(division__code__startswith=place.code.rstrip("0")) if place else organs
    default: Organ | None = Organ.objects.filter(pk=owner).first() if owner else None
    if owner and default is None:
        raise BadInput(f"没有编号为 {owner} 的单位")
    return Owners(list(organs), default=default, create=create, home=place.code if place else "")


def _look(
    file: Path, place: "Division | None", owner: int, create: bool, corrected: dict[str, object], *, quiet: bool
) -> "Preview":
    from banshi.spreadsheets.preview import preview
    from banshi.spreadsheets.workbook_reader import read_file

    with progress(transient=True, disable=quiet) as bar:
        work = bar.add_task("读取文件", total=None)
        book = read_file(file)
        return preview(
            book,
            _owners(place, owner, create),
            corrected=corrected,
            progress=lambda done, of=0, said="": bar.update(work, description=said, completed=done, total=of),
        )


def _place_of(found: "Preview") -> "Division":
    """Choose the owners' division where none was named."""
    # Unless organs would have to be made somewhere.
    from banshi.core.errors import BadInput
    from banshi.people.models import Division

    if not Division.objects.exists():
        raise BadInput("还没有登记任何区划", remedy="请先在“机构”里导入区划，再导入事项。")
    organ = next((row.owner.organ for row in found.rows if row.owner.organ), None)
    if found.new_organs or organ is None:
        raise BadInput("不知道新单位属于哪个区划", remedy="请用 --division 写明区划代码。")
    return organ.division


def _show(found: "Preview") -> None:
    from rich.markup import escape

    from banshi.spreadsheets.preview import alike

    for table in found.as_json()["mapping"]["tables"]:
        screen.print(f"[bold]{escape(table['sheet'])}[/bold] 表头第 {'、'.join(map(str, table['header_rows']))} 行")
        for letter, choice in zip(table["columns"], table["chosen"], strict=True):
            screen.print(
                f"  {letter} {escape(choice['header'] or '(无表头)')} → {choice['target'] or '留在导入记录里'} （{choice['reason']}）",
                highlight=False,
                soft_wrap=True,
            )
    for sheet in found.unread:
        screen.print(f"[yellow]没有读[/yellow] {escape(sheet.name)}（{len(sheet.rows):,} 行）：认不出表头")
    counts = found.counts
    screen.print(
        f"共 {counts['rows']:,} 项：新增 {counts['new']:,}，修改 {counts['changed']:,}，没有变化 {counts['same']:,}，有错误 {counts['bad']:,}；"
        f"另有 {counts['skipped']:,} 行不是事项。错误 {counts['errors']:,} 处，疑问 {counts['doubts']:,} 处，说明 {counts['notes']:,} 处。"
    )
    same = alike(problem for problem in found.problems if problem.severity != "note" or problem.code in SAID_NOTES)
    for problem, cells in same[:PROBLEMS_PRINTED]:
        advice = f" → {problem.proposal}" if problem.proposal else ""
        more = f" 等 {len(cells):,} 处" if len(cells) > CELLS_NAMED else ""
        where = f"{problem.sheet}!{'、'.join(cells[:CELLS_NAMED])}{more}"
        screen.print(
            f"  {SIGNS[problem.severity]} {escape(f'{where} {problem.message}{advice}')}",
            highlight=False,
            soft_wrap=True,
        )
    if len(same) > PROBLEMS_PRINTED:
        screen.print(f"  …还有 {len(same) - PROBLEMS_PRINTED:,} 种，用 --preview --json 或 --marked 看全部。")


def _import(
    file: Path,
    found: "Preview",
    place: "Division | None",
    owners: "Owners",
    corrected: dict[str, object],
    *,
    publish: bool,
    yes: bool,
) -> None:
    from banshi.access import CommandLine
    from banshi.core.clock import now
    from banshi.spreadsheets.actions import facts_of, import_file, require_clean

    require_clean(found)
    place = place or _place_of(found)
    counts = found.counts
    if not yes:
        what = f"新增 {counts['new']:,} 项，修改 {counts['changed']:,} 项" + ("，并马上公布" if publish else "")
        typer.confirm(f"将{what}。确定吗？", abort=True)
    with progress(transient=True) as bar:
        work = bar.add_task("导入", total=None)
        done = import_file(
            file,
            owners,
            division=place,
            options=corrected,
            publish=publish,
            by=CommandLine("import"),
            at=now(),
            report=lambda did, of=0, words="": bar.update(work, description=words, completed=did, total=of),
        )
    facts = facts_of(done)
    screen.print(
        f"已导入：新增 {facts['new']:,} 项，修改 {facts['changed']:,} 项，新建单位 {facts['organs']:,} 个，公布 {facts['published']:,} 项。"
    )
