"""`banshi draw verify`: recompute a published draw, without the platform's data."""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, errors, screen
from banshi.supervision.drawing import digests_of, parties_of, recomputed

draws = typer.Typer(help="双随机抽查", no_args_is_help=True)
app.add_typer(draws, name="draw")


@draws.command()
def verify(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="公布的抽查文件")]) -> None:
    """按公布的文件重新计算抽查结果，不用连接平台。"""
    told, wrong = recomputed(file.read_bytes())
    for each in wrong:
        errors.print(f"[red]✗[/red] {each}。", highlight=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(1)
    screen.print("[green]✓[/green] 结果和文件里的种子、名单、各方给的数相符。", highlight=False)
    screen.print("\n".join(parties_of(told)), highlight=False, soft_wrap=True)
    screen.print("再核对：下面的摘要要和公布的一样，文件才没有换过。", highlight=False)
    screen.print("\n".join(digests_of(told)), highlight=False, soft_wrap=True)
