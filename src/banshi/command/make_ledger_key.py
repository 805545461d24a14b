"""`banshi make-ledger-key`: the key that signs anchors."""

from pathlib import Path
from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, screen


@app.command()
def make_ledger_key(
    target: Annotated[Path, typer.Argument(help="私钥文件，放在数据文件夹和数据库之外的盘上")],
) -> None:
    """生成给操作记录留底签名的密钥（Ed25519）：私钥文件和旁边的公钥文件（.pub）。已有的不覆盖。"""
    with django_ready(database=False):
        from banshi.core.errors import Conflict
        from banshi.ledger.keys import make_key

        if target.exists():
            raise Conflict("已有这个文件，没有生成", where=str(target), remedy="换一个文件名。")
        make_key(target)
    public = target.with_suffix(".pub")
    screen.print(f"私钥在 {target}，公钥在 {public}。", highlight=False, soft_wrap=True)
    screen.print(
        f"请设 BANSHI_LEDGER_KEY={target}；核对用的公钥另抄一份到别的机器，换过密钥的，把旧公钥也附在 {public} 后面。",
        highlight=False,
        soft_wrap=True,
    )
