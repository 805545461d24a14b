"""`banshi demo`: broken off, started again, ended."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from tests.factories import NOON
from tests.processes import DEADLINE, environment, installation, kill, said, start
from tests.servers import free_port

from banshi.catalog.models import Item
from banshi.command.demo.city import build_city, is_built
from banshi.people.models import Organ


@pytest.mark.django_db
def test_broken_off_nothing_is_there() -> None:
    class PowerCut(Exception):
        pass

    def stop(stage: int) -> None:
        if stage == 6:
            raise PowerCut

    with pytest.raises(PowerCut):
        build_city(at=NOON, report=stop)
    assert not is_built()
    assert not Organ.objects.exists()
    assert not Item.objects.exists()


# From outside

BUILD = """
import sys
from banshi.command import app
import banshi.command.demo.start as demo
prepare = demo.prepare
def slowly():
    from banshi.command.demo import city
    build_city = city.build_city
    def wait_at(stage):
        if stage == 6:
            print("half", flush=True)
            sys.stdin.read()
    city.build_city = lambda *, at, report: build_city(at=at, report=wait_at)
    prepare()
demo.prepare = slowly
app(sys.argv[1:])
"""
"""`banshi demo`, but that in the middle of the city it tells us and waits for ever."""


ONLY_THE_LAST_ACT = """
import django; django.setup()
from banshi.command.demo.city import BUILT
from django.db import transaction
from banshi.ledger import record
from tests.factories import *
with transaction.atomic():
    record(BUILT, organ(), by=TESTS, at=NOON)
"""
"""By which a city is known to be built."""


PACKED = {"Accept-Encoding": "gzip"}


def rows_of(home: Path, name: str) -> int:
    with closing(sqlite3.connect(home / "banshi.sqlite3", timeout=DEADLINE)) as database:
        return int(database.execute(f"select count(*) from {name}").fetchone()[0])


def demo(home: Path, port: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "banshi.command", "demo", "--port", port, "--cases", "0"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment(home), stdout=pipe, stderr=pipe, text=True)


@contextmanager
def served(home: Path, port: str) -> Iterator[None]:
    """Until Ctrl+C, after which nothing more is said."""
    process = demo(home, port)
    try:
        assert process.stdout
        assert process.stdout.readline().strip() == f"banshi ready at http://127.0.0.1:{port}"
        yield
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=DEADLINE)
        assert rest == ""
        assert process.returncode in (0, -signal.SIGINT, 130)
    finally:
        process.kill()


WEIGHT = 100_000
"""Bytes sent for the first page with all it names; a guide's own text is up to 20 kB more."""


def weight(site: str) -> int:
    """Return the bytes of the first page, and see that what it names is compressed, named by its digest and kept a year."""
    page = requests.get(site, headers=PACKED, timeout=DEADLINE, stream=True)
    sent = len(page.raw.read())
    text = requests.get(site, timeout=DEADLINE).text
    named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', text))
    assert {Path(each).suffix for each in named} >= {".css", ".js", ".svg"}
    for each in named:
        answer = requests.get(site + each, headers=PACKED, timeout=DEADLINE, stream=True)
        sent += len(answer.raw.read())
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", each) and "max-age=315360000" in answer.headers["Cache-Control"]
        assert answer.headers.get("Content-Encoding") == "gzip" or int(answer.headers["Content-Length"]) < 1000
    return sent


def test_where_the_city_is_built_it_is_served_until_ctrl_c_and_the_port_is_taken(tmp_path: Path) -> None:
    home, port = installation(tmp_path / "home"), str(free_port())
    said(ONLY_THE_LAST_ACT, home)
    with served(home, port):
        assert weight(f"http://127.0.0.1:{port}") <= WEIGHT
        if os.environ.get("BANSHI_TEST_ALL"):  # each day of `serve`
            second = demo(home, port)
            _, told = second.communicate(timeout=DEADLINE)
            assert second.returncode == 1
            assert f"端口 {port} 正被别的程序使用" in told.replace("\n", "")
    assert rows_of(home, "people_organ") == 1, "nothing was built beside it"


@pytest.mark.nightly
def test_killed_while_building_it_is_built_on_the_next_start(tmp_path: Path) -> None:
    home, port = installation(tmp_path / "home"), str(free_port())
    half_built = start(BUILD, home, "demo", "--port", port, "--cases", "0")
    assert half_built.stdout
    assert half_built.stdout.readline() == "half\n"
    kill(half_built)
    assert rows_of(home, "people_organ") == 0
    with served(home, port):
        assert rows_of(home, "catalog_listing") > 700
