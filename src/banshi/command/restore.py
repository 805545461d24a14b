"""`banshi restore`: put a backup back."""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, errors, progress, screen


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="banshi backup 做的文件")],
    replace: Annotated[bool, typer.Option("--replace", help="替换现有数据（现有数据移到旁边保留）")] = False,
) -> None:
    """从备份恢复：先核对备份，再换上，再核对操作记录、重建搜索索引。网站和后台任务在运行时不做。"""
    with django_ready():
        from banshi import backups
        from banshi.core.clock import now
        from banshi.ledger.verification import verify

        with progress() as bar:
            work = bar.add_task("恢复", total=None)

            def report(done: int, total: int = 0, what: str = "") -> None:
                bar.update(work, description=what, completed=done, total=total or None)

            manifest, aside = backups.restore(source, replace=replace, at=now(), report=report)
            report(0, 0, "升级数据库的表")
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
            report(0, 0, "核对操作记录")
            verdict = verify()
            # That later entries are missing is itself on the record.
            from django.db import transaction

            from banshi.core.clock import now
            from banshi.ledger import System, record
            from banshi.ledger.models import LedgerEntry

            if head := LedgerEntry.objects.order_by("-number").first():
                with transaction.atomic():
                    record(
                        "core.restore",
                        head,
                        by=System("restore"),
                        at=now(),
                        facts={"backup": manifest.at, "head": manifest.head},
                    )
            report(0, 0, "重建搜索索引")
            from banshi.search.index import rebuild

            rebuild()
        screen.print(f"已恢复 {manifest.at} 的备份。{verdict}。", highlight=False, soft_wrap=True)
        if aside:
            screen.print(f"原来的数据在 {aside}，确认无误后可以删除。", highlight=False, soft_wrap=True)
        if not verdict.holds:
            errors.print("[red]✗[/red] 备份里的操作记录不完整，请查明原因。")
            raise typer.Exit(1)
