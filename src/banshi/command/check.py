"""`banshi check`: spreadsheets or records examined by the rule book, without a database."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from banshi.command.cli import app, django_ready, errors, progress, screen

if TYPE_CHECKING:
    from banshi.checker.collect import CheckReport

FOUND, UNREADABLE = 1, 2
NEXT_STEP = "下一步：加 --html 报告.html 看全部并筛选，加 --xlsx 标出.xlsx 得到标出问题的表格。"


class FailingSeverity(StrEnum):
    """From which severity on findings end the command with status 1."""

    MUST = "必改"
    SHOULD = "应改"
    HINT = "提示"
    NEVER = "从不"


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="xlsx、xls、xlsb、et、ods、csv、json 文件，或者装着它们的文件夹")],
    html: Annotated[Path | None, typer.Option(help="把报告存成一个网页（不用联网，可打印）")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="标出问题的表格存到这里；有几个文件时，这里是文件夹")] = None,
    json: Annotated[str, typer.Option(help="把结果存成 JSON；“-”打印出来", metavar="FILE|-")] = "",
    hidden_rows: bool = typer.Option(False, "--hidden-rows", help="隐藏、被筛选掉、划掉的行也检查"),
    fail_on: Annotated[
        FailingSeverity, typer.Option(help="有这个程度或更重的问题时，以状态 1 结束")
    ] = FailingSeverity.MUST,
) -> None:
    """检查目录和指南：逐项对照规则，找循环证明，不用先安装数据库。"""
    with django_ready(database=False):
        report = _examine(files, hidden_rows)
        from banshi.checker.terminal import show

        hint = "" if bool(html) or not report.found else NEXT_STEP
        show(report, errors if json == "-" else screen, hint=hint)
        from banshi.checker.html import page
        from banshi.checker.json_report import as_json

        try:
            if html:
                html.write_text(page(report), encoding="utf-8")
                _say(f"网页报告：{html}")
            if xlsx:
                _say(_write_workbooks(report, xlsx))
            if json == "-":
                sys.stdout.write(as_json(report) + "\n")
            elif json:
                Path(json).write_text(as_json(report), encoding="utf-8")
                _say(f"JSON：{json}")
        except OSError as error:
            errors.print(f"[red]✗[/red] 结果写不到 {error.filename}：{error.strerror}。请换一个位置。", highlight=False)
            raise typer.Exit(UNREADABLE) from error
    if report.refused:
        raise typer.Exit(UNREADABLE)
    from banshi.rulebook.enums import Severity

    fails = fail_on is not FailingSeverity.NEVER and report.at_or_above(Severity[fail_on.name]) > 0
    raise typer.Exit(FOUND if fails else 0)


def _examine(files: list[Path], hidden_rows: bool) -> "CheckReport":
    with progress(transient=True) as bar:
        work = bar.add_task("准备规则", total=None)
        from banshi.checker.collect import gather
        from banshi.core.clock import today

        def watch(done: int, of: int = 0, words: str = "") -> None:
            bar.update(work, description=words, completed=done, total=of)

        return gather(files, today(), watch, read_hidden=hidden_rows)


def _say(words: str) -> None:
    errors.print(f"[green]✓[/green] {escape(words)}", highlight=False, soft_wrap=True)


def _write_workbooks(report: "CheckReport", place: Path) -> str:
    from banshi.checker.workbook import checked_workbook

    if len(report.files) == 1:
        place.write_bytes(checked_workbook(report, report.files[0]))
        return f"标出问题的表格：{place}"
    place.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(report.files, 1):
        (place / f"{number:03d}-{file.path.stem}-检查.xlsx").write_bytes(checked_workbook(report, file))
    return f"标出问题的表格 {len(report.files):,} 份：{place}"
