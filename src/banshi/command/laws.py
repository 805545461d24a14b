"""`banshi laws`: the register of laws."""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, screen

laws = typer.Typer(help="法律法规库：导入、查看。", no_args_is_help=True)
app.add_typer(laws, name="laws")


@laws.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="文件或文件夹：.md（每部法律一个文件）、.csv、.xlsx、.docx")],
    source: Annotated[
        str, typer.Option(help="出处，记在每一部上；不写时，带国家法律法规数据库编号的记该库，其余记“导入的文件”")
    ] = "",
) -> None:
    """导入法律法规的名称、日期、效力和条文；文件写明已废止的改效力，原文不同的整部替换，改了什么逐条列出。"""
    with django_ready():
        from banshi.core.clock import now
        from banshi.law.loading import load_register, read_register
        from banshi.ledger import System

        done = load_register(read_register(path), source=source, by=System("import"), at=now())
        screen.print(f"新增 {done.laws} 部法律法规、{done.versions} 个文本、{done.articles} 条原文。")
        for said in done.changed:
            screen.print(f"改动：{said}", markup=False)
        for said in done.differs:
            screen.print(f"不一致：{said}", markup=False)
