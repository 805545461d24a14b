"""`banshi verify-exchange-log`: is every call for shared data still as it was recorded?"""

import typer

from banshi.command.cli import app, django_ready, errors, progress, screen


@app.command()
def verify_exchange_log() -> None:
    """逐条核对数据共享的调用记录：指出第一条被改动、删去、插入的，与操作记录比对。"""
    with django_ready():
        from banshi.exchange.call_log import verify_call_log
        from banshi.exchange.models import CallRecord

        with progress() as bar:
            work = bar.add_task("核对调用记录", total=CallRecord.objects.count())
            verdict = verify_call_log(lambda done, of=0, _="": bar.update(work, completed=done))
    if verdict.problem:
        errors.print(f"[red]✗[/red] {verdict}。", highlight=False)
        raise typer.Exit(1)
    screen.print(f"[green]✓[/green] {verdict}。", highlight=False)
