"""One at a time, between processes. The lock ends with the process that holds it, however that ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.db import connection

SPACE = 7_305_814


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Whether we have the lock of this name; never waits. By PostgreSQL where that is the database, else by a file."""
    with _by_database(name) if connection.vendor == "postgresql" else _by_file(name) as ours:
        yield ours


@contextmanager
def _by_database(name: str) -> Iterator[bool]:
    key = [SPACE, crc32(name.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        ours = cursor.fetchone()[0]
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


@contextmanager
def _by_file(name: str) -> Iterator[bool]:
    folder = Path(settings.HOME) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
