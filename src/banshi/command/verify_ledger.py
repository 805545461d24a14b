"""`banshi verify-ledger`: is every act still as it was recorded?"""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, errors, progress, screen


@app.command()
def verify_ledger(
    against: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="另存在别处的凭据，或留底文件的抄本；可以给几个"),
    ] = None,
) -> None:
    """逐条核对操作记录：指出第一条被改动的、还没有封存的，与留底、时间戳和留存的文本比对。"""
    with django_ready():
        from banshi.ledger.anchors import anchors_in
        from banshi.ledger.models import LedgerEntry
        from banshi.ledger.verification import verify

        kept = [note for path in against or [] for note in anchors_in(path)]
        with progress() as bar:
            work = bar.add_task("核对操作记录", total=LedgerEntry.objects.count())
            verdict = verify(lambda done, of=0, _="": bar.update(work, completed=done), kept=kept)
            bar.update(work, completed=verdict.count)
    for note in verdict.notes:
        screen.print(f"[yellow]![/yellow] {note}。", highlight=False)
    if verdict.holds:
        screen.print(f"[green]✓[/green] {verdict}。", highlight=False)
        return
    for found in verdict.problems:
        errors.print(f"[red]✗[/red] {found.words}。", highlight=False)
        if entry := found.entry:
            errors.print(
                f"  第{entry.number}条 {entry.at:%Y-%m-%d %H:%M:%S} {entry.actor_name} {entry.action} {entry.subject}",
                highlight=False,
            )
    raise typer.Exit(1)
