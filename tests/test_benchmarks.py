"""Each benchmark runs, small, and ends as it should. Whether its figures hold is not asked: machines are shared."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.__main__ import NAMES

ROOT = Path(__file__).parent.parent


def test_the_benchmarks_are_there() -> None:
    assert NAMES == [
        "bundles",
        "cases",
        "cleanup",
        "complaints",
        "exchange",
        "exchange_dump",
        "exchange_log",
        "forms",
        "import",
        "ledger",
        "page",
        "publish",
        "review",
        "search",
        "serve",
        "supervision",
        "window",
    ]


@pytest.mark.nightly
@pytest.mark.parametrize("name", [name for name in NAMES if name != "review"])
def test_a_quick_run_ends_with_a_verdict(name: str) -> None:
    """`review` has a test of its own, of what must be true after a campaign."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", "benchmarks", name, "--quick"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert done.stdout.strip(), done.stderr
    verdict = done.stdout.splitlines()[-1]
    assert verdict.startswith({0: f"{name} holds ", 1: f"{name} falls short "}[done.returncode]), done.stderr


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks", "nothing"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "serve" in done.stdout
