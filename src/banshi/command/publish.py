"""`banshi publish`: put drafts in force from the command line."""

import typer

from banshi.command.cli import app, django_ready, progress, screen

AT_ONCE = 2000


@app.command()
def publish(
    organ: str = typer.Option("", help="只公布这个单位的草稿（单位全称）"),
    division: str = typer.Option("", help="只公布这个区划（代码开头）的草稿"),
    complete_only: bool = typer.Option(False, "--complete-only", help="只公布必填要素齐全的"),
    reason: str = typer.Option("命令行批量公布", help="公布说明"),
    yes: bool = typer.Option(False, "--yes", help="不再询问"),
) -> None:
    """公布草稿：全部成功，或者一条也不公布。"""
    with django_ready():
        from banshi.adjustments.policy import why_not_directly
        from banshi.catalog.guide.completeness import completeness
        from banshi.catalog.queries import open_drafts

        drafts = open_drafts(organ=organ, division=division)
        ready = [each for each in drafts if not complete_only or not completeness(each.guide).missing]
        refused = why_not_directly(ready)
        chosen = [each for each in ready if each.pk not in refused]
        if left := len(ready) - len(chosen):
            screen.print(f"有 {left} 份要先申请调整，审核通过后公布，这次不公布。")
        if not chosen:
            screen.print("没有可公布的草稿。")
            return
        if not yes:
            typer.confirm(f"将公布 {len(chosen)} 份指南，马上对社会公开。确定吗？", abort=True)
        from django.db import transaction

        from banshi.access import CommandLine
        from banshi.catalog.actions import publish_many
        from banshi.core.clock import now

        with progress() as bar, transaction.atomic():
            work = bar.add_task("公布", total=len(chosen))
            for start in range(0, len(chosen), AT_ONCE):
                part = chosen[start : start + AT_ONCE]
                publish_many(part, reason=reason, by=CommandLine("publish"), at=now())
                bar.advance(work, len(part))
        screen.print(f"已公布 {len(chosen)} 份指南。")
