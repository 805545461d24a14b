"""`banshi examine-files`: the rule book over a whole province's guides, in several processes or on Spark."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from banshi.command.cli import app, django_ready, errors, progress, screen

if TYPE_CHECKING:
    from banshi.rulebook.scale.parallel import RunTally


@app.command()
def examine_files(
    source: Annotated[Path, typer.Argument(exists=True, help="parquet、jsonl 文件，或者装着它们的文件夹")],
    target: Annotated[Path, typer.Argument(file_okay=False, help="问题清单（parquet）存到这个文件夹，须是空的")],
    day: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="按哪天的规则，默认今天")] = None,
    workers: Annotated[int, typer.Option(min=1, help="同时用几个进程")] = 2,
    spark: Annotated[str, typer.Option(metavar="MASTER", help="改在 Spark 上检查，例如 local[2]（只读 parquet）")] = "",
) -> None:
    """按规则检查几十万、几百万份指南，结果存成文件。"""
    with django_ready(database=False):
        from banshi.core.clock import today
        from banshi.core.errors import BadInput
        from banshi.law.loading import shipped_register

        if target.exists() and any(target.iterdir()):
            raise BadInput("存结果的文件夹不是空的", where=str(target), remedy="请换一个空文件夹，或者新的名字。")
        judged_on, laws = day.date() if day else today(), shipped_register()
        if spark:
            from banshi.rulebook.rule import RuleContext
            from banshi.rulebook.word_lists import shipped_words

            try:
                from pyspark.sql import SparkSession

                from banshi.rulebook.scale.spark import examine_guides
            except ImportError as missing:
                remedy = "请安装 banshi[spark] 和 Java 17，或者不加 --spark。"
                raise BadInput("这里没有装 Spark", remedy=remedy) from missing
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else workers run a Python without banshi
            session = SparkSession.builder.master(spark).appName("banshi examine-files").getOrCreate()
            book = RuleContext(shipped_words(), judged_on, laws)
            examine_guides(session.read.parquet(str(source)), book).write.mode("append").parquet(str(target))
            screen.print(f"问题清单：{target}", highlight=False, soft_wrap=True)
            return
        from banshi.rulebook.scale.parallel import examine_files as examine

        with progress(transient=True) as bar:
            work = bar.add_task("检查", total=None)

            def watch(tally: "RunTally") -> None:
                bar.update(work, description=f"检查了 {tally.guides:,} 份", completed=tally.guides)

            tally = examine(source, target, day=judged_on, laws=laws, workers=workers, report=watch)
    screen.print(
        f"检查了 {tally.guides:,} 份指南，{tally.findings.total():,} 处问题：{target}", highlight=False, soft_wrap=True
    )
    if tally.unreadable:
        errors.print(f"[yellow]![/yellow] 有 {tally.unreadable:,} 份读不出来，清单里记为 BL01。", highlight=False)
