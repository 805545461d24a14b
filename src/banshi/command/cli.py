"""The program the commands hang on: one Typer app, Django started once, errors said in words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banshi.config.settings")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="办事 — 政务服务事项的目录、指南与办理")
OTHERS_SHUT_OUT = 0o027
"""The umask of every command: what is written holds personal data, and other accounts of the machine read none of it."""
screen = Console()
errors = Console(stderr=True)


@app.callback()
def main() -> None:
    """办事 — 政务服务事项的目录、指南与办理。"""
    os.umask(OTHERS_SHUT_OUT)


@contextmanager
def django_ready(*, database: bool = True) -> Iterator[None]:
    """Start Django.

    What a command refuses is printed as a sentence and ends it with status 1.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        errors.print(f"[red]✗[/red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    from django.db import DatabaseError

    from banshi.core.errors import BadInput, BanshiError, Conflict
    from banshi.core.known_migrations import refuse_unknown_migrations
    from banshi.core.outages import outage_of
    from banshi.core.schema import refuse_other_schema

    try:
        if database:
            refuse_unknown_migrations()
        yield
    except BanshiError as error:
        errors.print(f"[red]✗[/red] {error}", highlight=False)
        for problem in error.problems[:50] if isinstance(error, BadInput) else ():
            errors.print(f"  · {problem.where} {problem.message} {problem.remedy}".rstrip(), highlight=False)
        raise typer.Exit(1) from error
    except (OSError, DatabaseError, sqlite3.Error) as error:  # a copy is written by SQLite's own driver
        if outage := outage_of(error):
            errors.print(f"[red]✗[/red] {outage}", highlight=False)
            raise typer.Exit(1) from error
        if not isinstance(error, DatabaseError):
            raise
        if has_tables():
            try:
                refuse_other_schema()
            except Conflict as other:
                errors.print(f"[red]✗[/red] {other}", highlight=False)
                raise typer.Exit(1) from error
            raise
        errors.print("[red]✗[/red] 数据库里还没有表。正式使用请先运行 banshi manage migrate，演示请运行 banshi demo。")
        raise typer.Exit(1) from error


def has_tables() -> bool:
    """Tell whether anything was ever installed in the database."""
    from django.db import connection

    return "django_migrations" in connection.introspection.table_names()


def progress(**more: Any) -> Progress:
    """Return a bar for long work.

    Shown on the error stream, so that what is printed can be piped.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=errors, **more)
