"""A process of its own, with a cap on memory and time, for work on hostile files."""

import contextlib
import gc
import os
import subprocess
import sys
from pathlib import Path

import banshi

MEMORY_AT_MOST = 3 * 2**30
SECONDS_AT_MOST = 180


def run_capped(module: str, *arguments: str, given: bytes = b"") -> bytes | None:
    """Run a module of ours with these arguments and bytes, and return what it wrote, or None where it failed.

    Raises TimeoutError after three minutes.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=given,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(Path(banshi.__file__).parent.parent)},
            timeout=SECONDS_AT_MOST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
    return done.stdout if done.returncode == 0 else None


def cap_memory(at_most: int = MEMORY_AT_MOST) -> None:
    """Limit this process, which ends when its answer is written and need not collect garbage."""
    gc.disable()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (at_most, at_most))
