"""Killed at any point while delivering: after restart each change has exactly one effect, and none is skipped."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.processes import DEADLINE, installation, kill, said, start
from tests.work import sample

from banshi.connectors.test_server import ReceivedRequest, Reply
from banshi.connectors.upper_platform.fake import FakeUpperPlatform

PREPARE = """
import django; django.setup()
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
from django.conf import settings
from django.db.models.functions import Now
from banshi.core.models import Lease
from tests.factories import NOON
from banshi.outbox.delivery import deliver
from banshi.connectors.kinds import UPPER_PLATFORM
from banshi.connectors.models import Outlet
settings.DELIVERY_WINDOW = 35
object.__setattr__(UPPER_PLATFORM, "at_once", 7)
Lease.objects.update(expires_at=Now())  # as if the process killed before had been gone for long
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


@dataclass
class SlowPlatform(FakeUpperPlatform):
    """Once it has `patience` changes it keeps the sender waiting for an answer, before or after it took the batch."""

    patience: int = CHANGES
    takes_it: bool = True
    reached: threading.Event = field(default_factory=threading.Event)
    killed: threading.Event = field(default_factory=threading.Event)

    def _reply(self, asked: ReceivedRequest) -> Reply | None:
        if len(self.log) < self.patience or asked.path != "/exchange/batches":
            return super()._reply(asked)
        if self.takes_it:
            super()._reply(asked)
        killed = self.killed
        self.reached.set()
        assert killed.wait(DEADLINE)
        return None

    def keeps_waiting(self, home: Path, *, after: int, takes_it: bool) -> None:
        """Deliver in a process that is killed while it waits."""
        self.reached, self.killed = threading.Event(), threading.Event()
        self.patience, self.takes_it = after, takes_it
        process, limit = start(DELIVER, home), time.monotonic() + DEADLINE
        while not self.reached.wait(0.1):
            assert process.poll() is None, "it ended before"
            assert time.monotonic() < limit, "it hangs"
        kill(process)
        self.patience = CHANGES
        self.killed.set()


def test_killed_again_and_again_each_change_arrives_once_and_in_its_items_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANSHI_OUTLET_NETWORKS", "127.0.0.0/8")
    home = installation(tmp_path / "home")
    with SlowPlatform() as platform:
        said(PREPARE.format(address=platform.address), home)
        for after, takes_it in sample([(0, False), (1, True), (50, False), (100, True)], 3):
            platform.keeps_waiting(home, after=after, takes_it=takes_it)
        assert 100 < len(platform.log) < CHANGES
        expected = said(DELIVER + LOOK, home).split()
    assert sorted(change for _, _, change in platform.log) == sorted(expected)
    place = {change: number for number, change in enumerate(expected)}
    for item in {item for item, _, _ in platform.log}:
        of_item = [place[change] for each, _, change in platform.log if each == item]
        assert of_item == sorted(of_item)
