"""A data folder of a version that was landed, kept as it was: `python -m tests.upgrade` makes it anew."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "data_folder.tar.xz"
RECORD = Path(__file__).parent / "data_folder.json"


def digests_of_migrations() -> dict[str, str]:
    """`app.name` → digest of each migration of ours."""
    files = (ROOT / "src/banshi").glob("**/migrations/0*.py")
    return {
        f"{file.parents[1].name}.{file.stem}": hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)
    }


def run_in(home: Path, *command: str, database: str = "") -> str:
    """What Python prints that runs as the installation in `home`, with its own SQLite or another database."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {
        "BANSHI_HOME": str(home),
        "BANSHI_DEMO": "1",
        "BANSHI_LOG": "ERROR",
        "BANSHI_SECRET": "of the upgrade tests only",
        "DJANGO_SETTINGS_MODULE": "banshi.config.settings",
        "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        **({"DATABASE_URL": database} if database else {}),
    }
    done = subprocess.run(
        [sys.executable, *command], env={**inherited, **own}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout
