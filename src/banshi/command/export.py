"""`banshi export`: 目录表, 梳理表 (xlsx) or a list (csv) of the items."""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, progress, screen


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="写到这里：.xlsx 或 .csv")],
    form: Annotated[str, typer.Option(help="directory 目录表，scrutiny 梳理表（全部要素）")] = "directory",
    division: Annotated[str, typer.Option(help="只导出这个区划（代码开头）的事项")] = "",
    organ: Annotated[int, typer.Option(help="只导出这个单位（单位编号）的事项")] = 0,
    published: Annotated[bool, typer.Option("--published", help="只导出已公布的内容")] = False,
    blank: Annotated[bool, typer.Option("--blank", help="空白模板")] = False,
) -> None:
    """导出目录表或梳理表；改好以后可以用 import 原样导回。"""
    with django_ready():
        from banshi.catalog.models import Item
        from banshi.core.errors import BadInput

        if file.suffix not in (".xlsx", ".csv") or form not in ("directory", "scrutiny"):
            raise BadInput(
                f"不能导出成“{file.suffix}”{form}",
                remedy="文件名以 .xlsx 或 .csv 结尾；--form 用 directory 或 scrutiny。",
            )
        items = Item.objects.filter(organ__division__code__startswith=division.rstrip("0"))
        items = items.filter(organ=organ) if organ else items
        count = _write(file, form, items.none() if blank else items, published)
        screen.print(f"已导出 {count:,} 项到 {file}")


def _write(file: Path, form: str, items, published: bool) -> int:  # type: ignore[no-untyped-def]
    from banshi.spreadsheets.exporting import lines, write_csv, write_directory, write_scrutiny

    title = "公共服务事项目录表" if form == "directory" else "公共服务事项和办事指南梳理表"
    with progress(transient=True) as bar:
        rows = bar.track(lines(items, published=published), total=items.count(), description="导出")
        if file.suffix == ".csv":
            with file.open("w", encoding="utf-8", newline="") as text:
                return write_csv(text, rows)
        with file.open("wb") as to:
            return (write_directory if form == "directory" else write_scrutiny)(to, rows, title=title)
