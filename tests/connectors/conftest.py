"""Outlets on fakes, each a real HTTP server on loopback."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.factories import NOON, TESTS

from banshi.connectors.actions import add_outlet
from banshi.connectors.kiosk.fake import FakeKioskFolder
from banshi.connectors.models import Outlet
from banshi.connectors.upper_platform.fake import FakeUpperPlatform
from banshi.connectors.wechat.fake import FakeOfficialAccount
from banshi.outbox.delivery import deliver


@pytest.fixture
def platform() -> Iterator[FakeUpperPlatform]:
    with FakeUpperPlatform() as fake:
        yield fake


@pytest.fixture
def account() -> Iterator[FakeOfficialAccount]:
    with FakeOfficialAccount() as fake:
        yield fake


@pytest.fixture
def folder() -> Iterator[FakeKioskFolder]:
    with FakeKioskFolder() as fake:
        yield fake


def to_platform(fake: FakeUpperPlatform, name: str = "省平台", **place: Any) -> Outlet:
    given = {"address": f"{fake.address}/exchange", "app": fake.app, **place}
    return add_outlet(kind="upper_platform", name=name, place=given, secrets={"secret": fake.secret}, by=TESTS, at=NOON)


def to_account(fake: FakeOfficialAccount) -> Outlet:
    place = {"address": fake.address, "app": fake.app, "cover": "cover1"}
    return add_outlet(kind="wechat", name="公众号", place=place, secrets={"secret": fake.secret}, by=TESTS, at=NOON)


def to_folder(fake: FakeKioskFolder, papers: bool = False) -> Outlet:
    place = {"address": f"{fake.address}/kiosk", "papers": papers}
    return add_outlet(kind="kiosk", name="自助终端", place=place, secrets={"token": fake.token}, by=TESTS, at=NOON)


Turn = Callable[..., None]


@pytest.fixture
def turn() -> Turn:
    """`turn(outlet)`: the worker's turns, as many as there is work for, so many minutes after noon."""

    def take(outlet: Outlet, minutes: float = 0) -> None:
        at = NOON + timedelta(minutes=minutes)
        for _ in range(50):
            if not deliver(outlet, at=at):
                break
        outlet.refresh_from_db()

    return take
