"""Makes the kept data folder anew: the demonstration of this version, as small as it goes.

`python -m tests.upgrade`: from now on each migration in it may no longer change (docs: CONTRIBUTING.md, Migrations).
`python -m tests.upgrade --provisional`: they still may, the tests then say so.
"""

import json
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.upgrade import FOLDER, RECORD, digests_of_migrations, run_in

BUILD = "import django; django.setup(); from banshi.command.demo.start import prepare; prepare()"
MADE_AT_EACH_START = ("index", "static", "progress", "catalogue-changed")


def make(provisional: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        run_in(home, "-c", BUILD)
        for name in MADE_AT_EACH_START:
            place = home / name
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        small = home / "small.sqlite3"
        with sqlite3.connect(home / "banshi.sqlite3") as database:
            database.execute("VACUUM INTO ?", [str(small)])
        for name in ("banshi.sqlite3", "banshi.sqlite3-wal", "banshi.sqlite3-shm"):
            (home / name).unlink(missing_ok=True)
        small.rename(home / "banshi.sqlite3")
        with tarfile.open(FOLDER, "w:xz", preset=9) as archive:
            for path in sorted(home.rglob("*")):
                if path.is_file():
                    archive.add(path, path.relative_to(home).as_posix())
    record = {"frozen": not provisional, "migrations": digests_of_migrations()}
    RECORD.write_text(json.dumps(record, indent=1) + "\n")
    print(f"{FOLDER.name}: {FOLDER.stat().st_size:,} bytes")


make("--provisional" in sys.argv)
