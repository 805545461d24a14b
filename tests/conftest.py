"""What every test stands on."""

import gc
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from shutil import which
from typing import Any

import hypothesis
import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from whitenoise.middleware import WhiteNoiseMiddleware

from banshi.catalog import change_feed
from banshi.core.clock import CHINA
from banshi.core.rate_limits import _limiter
from tests.databases import (  # noqa: F401
    django_db_setup,
    emptying_may_empty_the_ledger,
    on_disk_database,
)
from tests.servers import clamd_server, environment_of, files_in_s3, redis_server, s3_server  # noqa: F401
from tests.world import built, menu_without_figures, theirs  # noqa: F401

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop runs in the thread of the test
CHROMIUM = os.environ.get("BANSHI_CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on a PostgreSQL server started for the tests")
    parser.addoption("--all", action="store_true", help="with what is marked nightly: full crosses, long kills, Spark")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is nightly. Browser tests are skipped where there is no Chromium, but never in CI; PostgreSQL's own,
    on SQLite."""
    if not config.getoption("all"):
        config.hook.pytest_deselected(items=[each for each in items if each.get_closest_marker("nightly")])
        items[:] = [each for each in items if not each.get_closest_marker("nightly")]
    no_browser = which("chromium") is None and not os.environ.get("CI")
    for item in items:
        if no_browser and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="needs Chromium (Debian: chromium, fonts-noto-cjk)"))
        if connection.vendor != "postgresql" and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="of PostgreSQL only: ./run test --postgres"))


def pytest_collection_finish() -> None:
    """Let collections pass over what stays to the end: modules, tests, templates."""
    gc.collect()
    gc.freeze()


# How long an example takes depends on how busy the machine is.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Files and index of one test are not seen by another."""
    _limiter.cache_clear()
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SEARCH_INDEX = tmp_path / "index"
    settings.STAFF_SECOND_FACTOR = False
    settings.OUTLET_NETWORKS = [ip_network("127.0.0.0/8")]  # where the fakes of other systems answer
    settings.LEDGER_ANCHORS = tmp_path / "anchors.jsonl"
    settings.PAPER_CERTIFICATES = tmp_path / "keys" / "papers"
    settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = tmp_path / "keys" / "ledger.pem", tmp_path / "keys" / "ledger.pub"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
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
