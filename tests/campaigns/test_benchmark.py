"""`./run bench review --quick` runs through a whole campaign on PostgreSQL, and what must be true afterwards is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.nightly
def test_the_quick_benchmark_runs_a_campaign_to_its_end_and_the_ledger_holds() -> None:
    """Its rates depend on the machine and are not judged here."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    command = [sys.executable, "-m", "benchmarks", "review", "--quick"]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=900)
    *lines, last = done.stdout.splitlines()
    assert last.startswith(("review holds ", "review falls short ")), done.stdout
    assert "60 published in one act" in last
    assert "all is as it must be" in last
    assert "WRONG" not in last
    assert sum(each.startswith("page ") for each in lines) == 10
