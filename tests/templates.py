"""Migrated databases kept between runs, since migrating costs more than most test files: one copy for each state of the migrations."""

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
KEPT = Path(tempfile.gettempdir()) / f"banshi-test-templates-{os.getuid()}"
KEPT_DAYS = 7


def digest() -> str:
    """Fingerprint everything a migrated database depends on: models, migrations, what they import, packages, Python."""
    migrations = sorted([*SOURCE.glob("banshi/**/migrations/*.py"), *SOURCE.glob("banshi/**/models.py")])
    imported = {
        name for file in migrations for name in re.findall(r"^(?:from|import) (banshi[\w.]*)", file.read_text(), re.M)
    }
    modules = [file for name in sorted(imported) if (file := SOURCE / (name.replace(".", "/") + ".py")).exists()]
    packages = sorted(each.name for each in Path(sysconfig.get_paths()["purelib"]).glob("*.dist-info"))
    told = hashlib.sha256("\n".join([sys.version, *packages]).encode())
    for file in (*migrations, *modules):
        told.update(f"\0{file.relative_to(SOURCE)}\0".encode() + file.read_bytes())
    return told.hexdigest()[:20]


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Yield the kept template's path under a lock, so that of several runs started at once one migrates and the rest copy."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        template = KEPT / name
        if template.exists():
            os.utime(template)
        yield template


def copy_migrated(target: Path) -> None:
    """Copy a migrated SQLite database, made first where none is kept for these migrations."""
    with alone(f"sqlite-{digest()}") as template:
        if not template.exists():
            forget_old()
            _migrate(template)
    shutil.copyfile(template, target)


def _migrate(template: Path) -> None:
    partial = template.with_name(f"{template.name}.partial")
    partial.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as home:
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own = {"BANSHI_HOME": home, "BANSHI_SECRET": "x", "PYTHONPATH": str(SOURCE)}
        command = [sys.executable, "-m", "banshi.command", "manage", "migrate", "-v0"]
        subprocess.run(command, env={**inherited, **own}, check=True)
        with closing(sqlite3.connect(Path(home) / "banshi.sqlite3")) as database:
            database.execute("VACUUM INTO ?", [str(partial)])
    partial.rename(template)


def forget_old() -> None:
    """Remove templates that no run used for a week."""
    long_ago = time.time() - KEPT_DAYS * 86_400
    for each in KEPT.glob("*"):
        if each.stat().st_mtime < long_ago:
            shutil.rmtree(each) if each.is_dir() else each.unlink(missing_ok=True)


def copy_cluster(source: Path, target: Path) -> None:
    """Copy a stopped PostgreSQL data folder, owners and modes kept; whole or not at all."""
    partial = target.with_name(f"{target.name}.partial-{os.getpid()}")
    subprocess.run(["cp", "-a", source, partial], check=True)
    partial.rename(target)
