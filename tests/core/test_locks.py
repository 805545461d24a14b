"""One at a time, and free again however the holder ends."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection

from banshi.core.locks import held

pytestmark = pytest.mark.django_db

HOLD = """
import sys
import django; django.setup()
from django.db import connection
from banshi.core.locks import held
if connection.vendor == "postgresql":
    connection.settings_dict["NAME"] = sys.argv[1]
with held("work") as ours:
    print(ours, flush=True)
    input()
"""


def asked_elsewhere(name: str) -> bool:
    """From another thread, so with a connection of its own."""
    answers: list[bool] = []

    def ask() -> None:
        with held(name) as ours:
            answers.append(ours)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return answers[0]


def test_one_at_a_time() -> None:
    with held("work") as ours:
        assert ours
        assert not asked_elsewhere("work")
        assert asked_elsewhere("other work")
    assert asked_elsewhere("work")


def test_a_killed_holder_holds_nothing(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    environment = {**os.environ, "BANSHI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "banshi.config.settings"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2] / "src")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(connection.settings_dict["NAME"])],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "True\n"
    assert not asked_elsewhere("work")
    holder.kill()
    holder.wait()
    holder.stdout.close()
    for _ in range(50):  # a database server takes a moment to see that a client is gone
        if asked_elsewhere("work"):
            return
        threading.Event().wait(0.1)
    raise AssertionError("still held")
