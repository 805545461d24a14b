"""`banshi backup`: everything that must not be lost, in one file."""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, progress, screen


@app.command()
def backup(
    to: Annotated[
        Path | None, typer.Argument(help="备份文件，或已有的文件夹；不写就放在数据文件夹的 backups 里")
    ] = None,
) -> None:
    """备份数据库、上传的文件和操作记录的留底。网站不用停。"""
    with django_ready():
        from django.conf import settings

        from banshi.backups import back_up
        from banshi.core.clock import now

        moment = now()
        name = f"banshi-{moment:%Y%m%d-%H%M%S}.tar.gz"
        place = to or settings.HOME / "backups"
        target = place / name if to is None or place.is_dir() else place
        with progress() as bar:
            work = bar.add_task("备份", total=None)
            manifest = back_up(
                target,
                at=moment,
                report=lambda n, of=0, what="": bar.update(work, description=what, completed=n, total=of or None),
            )
            bar.update(work, completed=len(manifest.contents), total=len(manifest.contents))
        head = f"，操作记录到第{manifest.head[0]}批" if manifest.head else ""
        screen.print(
            f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB，{len(manifest.contents)} 个文件{head}）。",
            highlight=False,
            soft_wrap=True,
        )
        screen.print("请另存到别的机器。密钥（BANSHI_SECRET 或数据文件夹里的 secret 文件）不在备份里，要分开保管。")
