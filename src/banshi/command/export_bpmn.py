"""`banshi export-bpmn`: the procedures of the guides in force, a BPMN 2.0 file each."""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, progress, screen


@app.command("export-bpmn")
def export_bpmn(
    folder: Annotated[Path, typer.Argument(help="写到这个文件夹，每个事项一个 .bpmn 文件")],
    division: Annotated[str, typer.Option(help="只导出这个区划（代码开头）的事项")] = "",
    organ: Annotated[int, typer.Option(help="只导出这个单位（单位编号）的事项")] = 0,
) -> None:
    """导出在用指南的办理流程（BPMN 2.0），可以用流程建模工具打开。"""
    with django_ready():
        from banshi.catalog.bpmn import bpmn_xml
        from banshi.catalog.queries import listings

        rows = listings().filter(has_guide=True, division__code__startswith=division.rstrip("0"))
        rows = rows.filter(organ=organ) if organ else rows
        rows = rows.select_related("item", "publication__revision", "publication__item").order_by("item_id")
        folder.mkdir(parents=True, exist_ok=True)
        count = 0
        with progress(transient=True) as bar:
            for row in bar.track(rows.iterator(500), total=rows.count(), description="导出"):
                text = bpmn_xml(
                    row.publication.revision.guide,
                    row.publication.source_note,
                    as_written=row.publication.from_a_page,
                )
                (folder / f"{row.item.guid}.bpmn").write_text(text, encoding="utf-8")
                count += 1
        screen.print(f"已导出 {count:,} 个办理流程到 {folder}", highlight=False, soft_wrap=True)
