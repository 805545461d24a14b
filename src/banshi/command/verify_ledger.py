"""`banshi verify-ledger`: is every act still as it was recorded?"""

import typer

from banshi.command.cli import app, django_ready, errors, progress, screen


@app.command()
def verify_ledger() -> None:
    """逐条核对操作记录：指出第一条被改动的，并与留底比对末尾有没有被截去。"""
    with django_ready():
        from banshi.core import ledger
        from banshi.core.models import LedgerEntry

        with progress() as bar:
            work = bar.add_task("核对操作记录", total=LedgerEntry.objects.count())
            verdict = ledger.verify(lambda done: bar.update(work, completed=done))
            bar.update(work, completed=verdict.count)
    if verdict.holds:
        screen.print(f"[green]✓[/green] {verdict}。", highlight=False)
        return
    errors.print(f"[red]✗[/red] {verdict}。", highlight=False)
    if entry := verdict.broken:
        errors.print(
            f"  第{entry.number}条 {entry.at:%Y-%m-%d %H:%M:%S} {entry.actor_name} {entry.action} {entry.subject}",
            highlight=False,
        )
    raise typer.Exit(1)
