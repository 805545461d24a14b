"""Installations of their own, whose processes a test starts, waits for and kills."""

import os
import subprocess
import sys
from pathlib import Path

from tests import templates

ROOT = Path(__file__).resolve().parent.parent
DEADLINE = 600
"""Seconds after which a process that should have ended hangs, however busy the machine is."""


def environment(home: Path, **variables: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {"BANSHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "banshi.config.settings"}
    return {**inherited, **own, "PYTHONPATH": f"{ROOT}/src:{ROOT}", **variables}


def installation(home: Path) -> Path:
    """A home with a migrated database, and nothing in it."""
    home.mkdir(exist_ok=True)
    templates.copy_migrated(home / "banshi.sqlite3")
    return home


def start(code: str, home: Path, *words: str) -> subprocess.Popen[str]:
    """Python in this home, told and read line by line."""
    pipe, command = subprocess.PIPE, [sys.executable, "-c", code, *words]
    return subprocess.Popen(command, env=environment(home), cwd=home, stdin=pipe, stdout=pipe, text=True)


def said(code: str, home: Path, *words: str) -> str:
    """What it says until it ends in order."""
    process = start(code, home, *words)
    answer, _ = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0
    return answer


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=DEADLINE)
