"""`banshi ask`: answer a question in SQL over the events, by DuckDB beside the database."""

import csv
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from banshi.command.cli import app, django_ready, errors, screen

SHOWN = 200


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="SQL，表有 events、organs、items；events.data 是 JSON")],
    to: Annotated[Path | None, typer.Option("--to", help="结果写到这个 CSV 文件，不写就打印")] = None,
) -> None:
    """用 SQL 问全部事件（DuckDB，不占用平台的数据库），比如各单位各月的补正次数。"""
    with django_ready():
        from django.conf import settings

        from banshi.supervision.event_files import answer, write_event_files

        folder = settings.HOME / "events"
        write_event_files(folder)
        heads, rows = answer(question, folder)
        if to:
            with to.open("w", encoding="utf-8-sig", newline="") as text:
                writer = csv.writer(text)
                writer.writerow(heads)
                writer.writerows(rows)
            screen.print(f"已写 {len(rows):,} 行到 {to}", highlight=False)
            return
        table = Table(*heads)
        for row in rows[:SHOWN]:
            table.add_row(*("" if each is None else str(each) for each in row))
        screen.print(table)
        if len(rows) > SHOWN:
            errors.print(f"共 {len(rows):,} 行，只打印前 {SHOWN} 行；用 --to 写成文件。", highlight=False)
