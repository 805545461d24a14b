"""What every test stands on."""

import ctypes
import gc
import json
import os
import pickle
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from shutil import which
from typing import Any
from unittest import TestCase

import hypothesis
import psutil
import pytest
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from whitenoise.middleware import WhiteNoiseMiddleware

from banshi.catalog import change_feed
from banshi.core.capped_process import run_capped
from banshi.core.clock import CHINA
from banshi.core.rate_limits import _limiter
from banshi.documents import pdf
from banshi.spreadsheets import reader_process, workbook_reader
from banshi.uploads import receiving
from tests.databases import (  # noqa: F401
    django_db_setup,
    on_disk_database,
)
from tests.servers import clamd_server, environment_of, files_in_s3, redis_server, s3_server  # noqa: F401
from tests.world import built, menu_without_figures, theirs  # noqa: F401

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop runs in the thread of the test
CHROMIUM = os.environ.get("BANSHI_CHROMIUM") or which("chromium-headless-shell") or which("chromium")
"""The shell without a window does the same for half of the processor's time."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is nightly, and on PostgreSQL what asks no database or the SQLite of a folder of its own.

    Browser tests come first among those of their kind. They are skipped where there is no Chromium, but never in CI;
    PostgreSQL's own, on SQLite.
    """
    left_out = {
        each
        for each in items
        if (each.get_closest_marker("nightly") and not config.getoption("all"))
        or (config.getoption("postgres") and not meets_the_database(each))
    }
    config.hook.pytest_deselected(items=list(left_out))
    kept = [each for each in items if each not in left_out]
    journeys = [each for each in kept if each.get_closest_marker("browser")]
    first = kept.index(journeys[0]) if journeys else 0  # a journey waits: others should be left to run beside it
    items[:] = [*kept[:first], *journeys, *(each for each in kept[first:] if not each.get_closest_marker("browser"))]
    no_browser = CHROMIUM is None and not os.environ.get("CI")
    for item in items:
        if no_browser and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="needs Chromium (Debian: chromium-headless-shell, fonts-noto-cjk)"))
        if connection.vendor != "postgresql" and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="of PostgreSQL only: ./run test --postgres"))


def meets_the_database(item: pytest.Item) -> bool:
    fixtures, of_class = {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}, getattr(item, "cls", None)
    return bool(fixtures or item.get_closest_marker("django_db") or (of_class and issubclass(of_class, TestCase)))


def pytest_collection_finish() -> None:
    """Let collections pass over what stays to the end: modules, tests, templates. The rest is soon walked, so it is oftener."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 5, 2)


@pytest.fixture(scope="session")
def memory() -> "Memory":
    return Memory()


@pytest.fixture(autouse=True, scope="module")
def memory_given_back(memory: "Memory") -> Iterator[None]:
    """What modules took and need no longer goes back, so that two workers stay under 2 GB."""
    yield
    if memory.taken() > MUCH:
        memory.give_back()


class Memory:
    """What the process took since it last gave back."""

    def __init__(self) -> None:
        self.own = psutil.Process()
        self.held = self.own.memory_info().rss
        self.trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's

    def taken(self) -> int:
        return int(self.own.memory_info().rss) - self.held

    def give_back(self) -> None:
        """Let go of the compiler's fonts and papers and of garbage."""
        if pdf._press.cache_info().currsize:
            pdf.forget()
            pdf._press.cache_clear()
        gc.collect()
        if self.trim:
            self.trim(0)
        self.held = self.own.memory_info().rss


# How long an example takes depends on how busy the machine is.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


NUMBERS, MUCH = count(1), 20 * 1024**2


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pytest's own looks through the folders of all tests before it for the next number."""
    path = tmp_path_factory.getbasetemp() / f"test{next(NUMBERS)}"
    path.mkdir()
    return path


@pytest.fixture(autouse=True, scope="session")
def of_tests() -> Iterator[None]:
    """What is the same in all tests."""
    with override_settings(
        STAFF_SECOND_FACTOR=False,
        OUTLET_NETWORKS=[ip_network("127.0.0.0/8")],  # where the fakes of other systems answer
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path) -> Iterator[None]:
    """Files and index of one test are not seen by another."""
    _limiter.cache_clear()
    with override_settings(
        HOME=tmp_path,
        MEDIA_ROOT=tmp_path / "files",
        SEARCH_INDEX=tmp_path / "index",
        LEDGER_ANCHORS=tmp_path / "anchors.jsonl",
        PAPER_CERTIFICATES=tmp_path / "keys" / "papers",
        LEDGER_KEY=tmp_path / "keys" / "ledger.pem",
        LEDGER_PUBLIC_KEY=tmp_path / "keys" / "ledger.pub",
    ):
        yield


@pytest.fixture(autouse=True)
def feed_within_a_tests_own_transaction(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a test never commits, so the change feed, written after commit on PostgreSQL, would stay empty in it."""
    marker = request.node.get_closest_marker("django_db")
    commits = (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not commits:
        monkeypatch.setattr(change_feed, "acts_come_one_by_one", lambda: True)


@pytest.fixture(autouse=True, scope="session")
def static_files_found_once() -> Iterator[None]:
    """Each test client makes the middleware anew, which would look for every static file again."""
    find, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def find_once(own: WhiteNoiseMiddleware) -> None:
        if not found:
            find(own)
            found.update(own.files)
        own.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def files_are_read_within() -> Iterator[None]:
    """Starting a Python for each costs more than the reading: only tests that take `read_apart` do so."""

    def read(module: str, path: str) -> bytes:
        return pickle.dumps(reader_process.read(path))

    def joined(module: str, target: str, *parts: str) -> bytes:
        from pillow_heif import register_heif_opener

        from banshi.uploads import joining

        register_heif_opener()
        wrong = joining.join([Path(each) for each in parts], Path(target))
        return json.dumps(wrong).encode() if wrong else b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook_reader, "run_capped", read)
        patch.setattr(receiving, "run_capped", joined)
        yield


@pytest.fixture(scope="module")
def read_apart() -> Iterator[None]:
    """In a process of its own, as in service: what may end it, or take all memory."""
    with pytest.MonkeyPatch.context() as patch:
        for each in (workbook_reader, receiving):
            patch.setattr(each, "run_capped", run_capped)
        yield


@pytest.fixture
def moving_in(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    """While a catalogue that was published elsewhere is moved in, publishers publish what nobody examined here."""
    from tests.adjustments.town import direct, policy_with

    policy_with(tmp_path, settings, direct=direct("all"))


@pytest.fixture
def noon() -> datetime:
    from tests.factories import NOON

    return NOON


@pytest.fixture
def monday() -> datetime:
    return datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)


@pytest.fixture(scope="session")
def chromium() -> Browser:
    """One for the whole process: a second would meet the first one's loop, and a worker may be given tests after its last."""
    return started_chromium()


@cache
def started_chromium() -> Browser:
    """Start a browser that ends with its driver, and that with the process."""
    return sync_playwright().start().chromium.launch(executable_path=CHROMIUM, args=QUIET)
