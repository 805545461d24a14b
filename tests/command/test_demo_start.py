"""`banshi demo`: broken off, started again, ended."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.factories import NOON

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


def a_free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def start(home: Path, port: int) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-m", "banshi.command", "demo", "--port", str(port)],
        env={**environment, "BANSHI_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rows_of(home: Path, name: str) -> int:
    with sqlite3.connect(home / "banshi.sqlite3", timeout=30) as database:
        return int(database.execute(f"select count(*) from {name}").fetchone()[0])


def wait_for_tables(home: Path) -> None:
    """Until all migrations are done and the building of the city has begun."""
    for _ in range(1200):
        try:
            if rows_of(home, "people_organ") == 0 and rows_of(home, "search_synonym") >= 0:
                return
        except sqlite3.Error:
            time.sleep(0.1)
    raise AssertionError("no tables after two minutes")


def test_killed_while_building_it_is_built_on_the_next_start_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    port = a_free_port()
    killed = start(tmp_path, port)
    wait_for_tables(tmp_path)
    time.sleep(1)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=30)
    assert rows_of(tmp_path, "people_organ") == 0

    again = start(tmp_path, port)
    assert again.stdout is not None
    assert again.stdout.readline().strip() == f"banshi ready at http://127.0.0.1:{port}"
    assert rows_of(tmp_path, "catalog_listing") > 700
    taken = subprocess.run(
        [sys.executable, "-m", "banshi.command", "demo", "--port", str(port)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert taken.returncode == 1
    assert re.search(f"端口 {port} 正被别的程序使用", taken.stderr)
    again.send_signal(signal.SIGINT)
    rest, _ = again.communicate(timeout=30)
    assert rest == ""
    assert again.returncode in (0, -signal.SIGINT, 130)
