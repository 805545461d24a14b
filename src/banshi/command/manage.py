"""`banshi manage …`: Django's own commands."""

import typer

from banshi.command.cli import app, django_ready


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def manage(context: typer.Context) -> None:
    """Django 自带的管理命令(migrate、shell 等)。"""
    from django.core.management import execute_from_command_line

    with django_ready():
        execute_from_command_line(["banshi manage", *context.args])
