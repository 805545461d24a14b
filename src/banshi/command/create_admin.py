"""`banshi create-admin`: the first administrator of a new installation, who opens all other accounts."""

import typer

from banshi.command.cli import app, django_ready, screen


@app.command()
def create_admin(
    username: str = typer.Argument(help="账号名"),
    full_name: str = typer.Argument(help="姓名"),
    organ: str = typer.Option(help="所在机构的全称；没有就新建"),
    division: str = typer.Option(help="机构所在区划，写成 代码：名称，例如 511602:广安区"),
) -> None:
    """新装的系统里开第一个系统管理员账号，并录入随程序带的放假安排。"""
    with django_ready():
        from django.conf import settings

        from banshi.calendar.actions import load_arrangements
        from banshi.core.clock import now
        from banshi.core.errors import BadInput
        from banshi.ledger import System

        by, at = System("create-admin"), now()
        code, _, name = division.partition(":")
        if not name:
            raise BadInput("区划要写成 代码：名称", where=division)
        load_arrangements(settings.DATA / "calendars", by=by, at=at)
        password = _open(username, full_name, organ, code, name, by=by, at=at)
        screen.print(
            f"账号 {username}，密码 [bold]{password}[/bold]（只显示这一次；登录后要改密码并绑定二次验证）。",
            highlight=False,
        )


def _open(username: str, full_name: str, organ: str, code: str, name: str, **who: object) -> str:
    """Create division, organ, account and post, all or nothing."""
    from django.db import transaction

    from banshi.core.clock import today
    from banshi.people.actions import appoint, create_account, create_organ, load_divisions
    from banshi.people.actions.organs import division_code
    from banshi.people.enums import OrganKind
    from banshi.people.models import Division, Organ

    with transaction.atomic():
        load_divisions([f"{code},{name}"], **who)  # type: ignore[arg-type]
        place = Division.objects.get(pk=division_code(code))
        there = Organ.objects.filter(name=organ, division=place).first()
        office = there or create_organ(name=organ, kind=OrganKind.DEPARTMENT, division=place, **who)  # type: ignore[arg-type]
        user, password = create_account(username=username, full_name=full_name, **who)  # type: ignore[arg-type]
        appoint(user, organ=office, role="admin", since=today(), **who)  # type: ignore[arg-type]
    return password
