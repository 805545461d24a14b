"""Killed at any point while delivering: after restart each change has exactly one effect, and none is skipped."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from banshi.connectors.upper_platform.fake import FakeUpperPlatform

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import *
from banshi.catalog.actions import publish_many
from banshi.connectors.actions import add_outlet
bureau = organ()
items = [item(bureau) for _ in range(60)]
for round in range(2):
    publish_many([start_draft(each, by=TESTS, at=NOON) for each in items[:50]], by=TESTS, at=NOON)
place = {{"address": "{address}/exchange", "app": "banshi"}}
add_outlet(kind="upper_platform", name="省平台", place=place, secrets={{"secret": "a secret of tests"}}, by=TESTS, at=NOON)
for round in range(3):
    publish_many([start_draft(each, by=TESTS, at=NOON) for each in items], by=TESTS, at=NOON)
"""

DELIVER = """
import django; django.setup()
import time
from datetime import timedelta
from django.conf import settings
from banshi.core.leases import in_force
from tests.factories import NOON
from banshi.outbox.delivery import deliver
from banshi.connectors.kinds import UPPER_PLATFORM
from banshi.connectors.models import Outlet
settings.DELIVERY_WINDOW = 35
object.__setattr__(UPPER_PLATFORM, "at_once", 7)
while in_force().exists():  # of the process killed before
    time.sleep(0.05)
moment = NOON
while True:
    moment = deliver(Outlet.objects.get(), at=moment)
    if not moment:
        break
"""

LOOK = """
import django; django.setup()
from banshi.catalog.models import Change
from banshi.connectors.models import *
from banshi.ledger.verification import verify
outlet = Outlet.objects.get()
assert outlet.position == Change.objects.latest("number").number
assert not outlet.messages.exclude(state="sent").exists()
assert outlet.messages.count() == 230
assert verify().holds
print(*outlet.messages.order_by("position").values_list("key", flat=True))
"""

CHANGES = 230


def start(code: str, home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "BANSHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "banshi.config.settings"}
    environment.pop("DATABASE_URL", None)
    environment |= {"BANSHI_LEASE_SECONDS": "0.5", "BANSHI_OUTLET_NETWORKS": "127.0.0.0/8"}
    root = str(Path(__file__).parents[2])
    environment["PYTHONPATH"] = f"{root}:{root}/src"
    return subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=home, stdout=subprocess.PIPE, text=True)


def finished(code: str, home: Path) -> str:
    process = start(code, home)
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0
    return said


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.nightly)])
def test_killed_again_and_again_each_change_arrives_once_and_in_its_items_order(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with FakeUpperPlatform() as platform:
        finished(PREPARE.format(address=platform.address), tmp_path)
        for _ in range(4):
            process = start(DELIVER, tmp_path)
            wait_until(len(platform.log) + chance.randint(1, 40), platform, process)
            process.kill()
            process.wait()
        assert 0 < len(platform.log) < CHANGES
        finished(DELIVER, tmp_path)
        expected = finished(LOOK, tmp_path).split()
    assert sorted(change for _, _, change in platform.log) == sorted(expected)
    place = {change: number for number, change in enumerate(expected)}
    for item in {item for item, _, _ in platform.log}:
        of_item = [place[change] for each, _, change in platform.log if each == item]
        assert of_item == sorted(of_item)


def wait_until(count: int, platform: FakeUpperPlatform, process: subprocess.Popen[str]) -> None:
    """So many have arrived."""
    end = time.monotonic() + 180
    while len(platform.log) < count:
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.001)
