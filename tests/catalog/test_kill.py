"""Killed at any point while publishing: after restart everything is there, or nothing of it."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import *
bureau = organ()
for n in range(40):
    item(bureau)
"""

PUBLISH_FOR_EVER = """
import django; django.setup()
from datetime import timedelta
from tests.factories import *
from banshi.catalog.actions import publish_many
from banshi.catalog.models import Item
moment = NOON
while True:
    moment += timedelta(seconds=1)
    publish_many([start_draft(each, by=TESTS, at=moment) for each in Item.objects.all()], by=TESTS, at=moment)
    print("round", flush=True)
"""

LOOK = """
import django; django.setup()
from banshi.catalog.models import *
from banshi.ledger.verification import verify
from banshi.ledger.models import LedgerEntry
from banshi.events.consuming import follow
follow()
live = Publication.objects.filter(until=None)
assert live.count() in (0, 40), live.count()
assert Listing.objects.count() == live.count()
assert PublishedMaterial.objects.count() == 2 * live.count()
assert Change.objects.count() == Publication.objects.count() == Revision.objects.filter(state="published").count()
assert LedgerEntry.objects.filter(action="catalog.publish").count() == Publication.objects.count()
assert Publication.objects.count() % 40 == 0
assert verify().holds
print(Publication.objects.count())
"""


def start(code: str, home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "BANSHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "banshi.config.settings"}
    environment.pop("DATABASE_URL", None)
    root = str(Path(__file__).parents[2])
    environment["PYTHONPATH"] = f"{root}:{root}/src"
    return subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=home, stdout=subprocess.PIPE, text=True)


def finished(code: str, home: Path) -> str:
    process = start(code, home)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in (1, 2))])
def test_killed_while_publishing_nothing_is_half_there(tmp_path: Path, seed: int) -> None:
    finished(PREPARE, tmp_path)
    process = start(PUBLISH_FOR_EVER, tmp_path)
    assert process.stdout
    assert process.stdout.readline() == "round\n"
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    process.kill()
    process.wait()
    assert int(finished(LOOK, tmp_path)) >= 40
