"""`banshi demo`: build the demonstration where there is none, then serve it."""

import os

import typer

from banshi.command.cli import app, django_ready, progress
from banshi.command.serve import port_trouble, refuse_used_port, serve_site

HOST = "127.0.0.1"
THREADS = 4
CASES = 10_000
"""Ended cases of the twelve months before, made once."""


@app.command()
def demo(
    port: int = typer.Option(8000, min=1, max=65535, help="端口"),
    cases: int = typer.Option(CASES, min=0, max=100_000, help="过去十二个月的办件有多少，0就是没有"),
    ahead: int = typer.Option(
        0, min=0, max=3650, help="把时钟拨快多少天，看期限到了会怎样；只能越拨越快，拨回来会被记为时钟倒走"
    ),
) -> None:
    """在本机演示：第一次启动时建好示例市，以后保留数据。按 Ctrl+C 停止。"""
    refuse_used_port(HOST, port)
    os.environ |= {"BANSHI_DEMO": "1", "BANSHI_URL": f"http://{HOST}:{port}"}
    if ahead:
        os.environ["BANSHI_DEMO_AHEAD"] = str(ahead)
    streams = port % 65535 + 1
    if port_trouble(HOST, streams):
        streams = 0  # the site tells screens what is new itself
    else:
        os.environ["BANSHI_STREAMS_URL"] = f"http://{HOST}:{streams}"
    os.environ.setdefault("BANSHI_LOG", "ERROR")  # nothing is printed after the line that says where it is
    with django_ready():
        prepare()
        add_months(cases)
        serve_site(host=HOST, port=port, workers=1, threads=THREADS, embedded_worker=True, streams=streams)


def add_months(cases: int) -> None:
    """Add the months gone by where there are none yet."""
    from django.db import transaction

    from banshi.command.demo.months import build_months, is_built
    from banshi.command.demo.voices import issue_last_bulletin
    from banshi.core.clock import now

    if cases and not is_built():
        with progress(transient=True) as bar, transaction.atomic():
            bar.add_task("过去十二个月的办件", total=None)
            build_months(cases=cases, at=now())
    if is_built():
        issue_last_bulletin(at=now())


def prepare() -> None:
    """Create tables, city and index, each only as far as it is missing.

    Ends at any point without leaving anything by halves.
    """
    from django.core.management import call_command

    from banshi.command.demo.city import STAGES, build_city, is_built
    from banshi.core.clock import now
    from banshi.search.follower import keep_index

    with progress(transient=True) as bar:
        work = bar.add_task("准备数据库", total=len(STAGES) + 2)
        call_command("migrate", verbosity=0, interactive=False)
        bar.update(work, completed=1, description=STAGES[0])
        if not is_built():
            build_city(
                at=now(), report=lambda n: bar.update(work, completed=n + 1, description=[*STAGES, "搜索索引"][n])
            )
        keep_index()
        bar.update(work, completed=len(STAGES) + 2, description="准备好了")
