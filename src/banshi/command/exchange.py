"""`banshi exchange`: the catalogue of data resources and the systems they are read from."""

from typing import Annotated

import typer

from banshi.command.cli import app, django_ready, screen

exchange = typer.Typer(help="数据共享：更新资源目录，接入单位的系统。", no_args_is_help=True)
app.add_typer(exchange, name="exchange")


@exchange.command()
def resources() -> None:
    """按 data/resources 里的文件更新资源目录；已发布的有改动，重新送数据主管部门核对。"""
    with django_ready():
        from banshi.core.clock import now
        from banshi.exchange.actions import load_resources
        from banshi.exchange.declarations import declared_resources
        from banshi.ledger import System

        for each in load_resources(declared_resources().values(), by=System("exchange"), at=now()):
            screen.print(f"{each.code} {each.name}：{each.get_state_display()}", markup=False)


@exchange.command()
def connect(
    code: Annotated[str, typer.Argument(help="系统代码，和 data/resources 文件里 source.system 写的一样")],
    name: Annotated[str, typer.Argument(help="系统名称")],
    uscc: Annotated[str, typer.Argument(help="单位的统一社会信用代码")],
    address: Annotated[
        str,
        typer.Option(
            prompt="地址（数据库用只读账号）", hide_input=True, envvar="BANSHI_EXCHANGE_ADDRESS", help="加密保存"
        ),
    ],
    kind: Annotated[str, typer.Option(help="种类：sql 数据库，http 接口，sheet 放文件的文件夹")] = "sql",
) -> None:
    """登记从哪里读一个单位的数据；再登记一次就是改地址。"""
    with django_ready():
        from banshi.core.clock import now
        from banshi.core.errors import BadInput
        from banshi.exchange.actions import connect_system
        from banshi.ledger import System
        from banshi.people.models import Organ

        organ = Organ.objects.filter(uscc=uscc, active=True).first()
        if organ is None:
            raise BadInput(f"没有统一社会信用代码是{uscc}的单位", remedy="请在“机构”里先建，或改代码。")
        system = connect_system(
            organ, code=code, name=name, address=address, kind=kind, by=System("exchange"), at=now()
        )
        screen.print(f"已登记 {system.code}（{organ.name}）。", markup=False)
