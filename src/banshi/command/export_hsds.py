"""`banshi export-hsds`: the guides in force as services of Open Referral HSDS 3, one JSON file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, progress, screen


@app.command("export-hsds")
def export_hsds(
    file: Annotated[Path, typer.Argument(help="写到这个 .json 文件，一个列表，每个事项一条")],
    division: Annotated[str, typer.Option(help="只导出这个区划（代码开头）的事项")] = "",
    organ: Annotated[int, typer.Option(help="只导出这个单位（单位编号）的事项")] = 0,
) -> None:
    """导出在用指南（Open Referral HSDS 3），可以供公益服务目录等系统使用。"""
    with django_ready():
        from django.conf import settings

        from banshi.catalog.hsds import hsds_service
        from banshi.catalog.queries import listings

        rows = listings().filter(has_guide=True, division__code__startswith=division.rstrip("0"))
        rows = rows.filter(organ=organ) if organ else rows
        rows = rows.select_related("item__organ__division", "item__category", "publication__revision")
        count = 0
        with progress(transient=True) as bar, file.open("w", encoding="utf-8") as out:
            out.write("[")
            for row in bar.track(rows.order_by("item_id").iterator(500), total=rows.count(), description="导出"):
                row.publication.item = row.item
                service = hsds_service(row.publication, f"{settings.SITE_URL}/items/{row.item.guid}/")
                out.write((",\n" if count else "\n") + json.dumps(service, ensure_ascii=False))
                count += 1
            out.write("\n]\n")
        screen.print(f"已导出 {count:,} 项到 {file}", highlight=False, soft_wrap=True)
