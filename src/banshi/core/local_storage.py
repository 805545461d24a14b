"""Content-addressed storage in a local folder, written durably: a temporary file, fsync, then an atomic rename."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class LocalStorage(FileSystemStorage):
    def __init__(self) -> None:
        super().__init__(allow_overwrite=True)

    def _save(self, name: str, content: File) -> str:
        """Keep bytes, making young again for the sweep those that are here already."""
        place = Path(self.path(name))
        if place.exists() and place.stat().st_size == content.size:
            os.utime(place)
            return name
        incoming = Path(self.location) / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as copy:
                for chunk in content.chunks():
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            place.parent.mkdir(parents=True, exist_ok=True)
            Path(temporary).replace(place)
        finally:
            Path(temporary).unlink(missing_ok=True)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name

    def stored(self) -> Iterator[tuple[str, datetime]]:
        """Yield every name with the moment it was written."""
        for path in Path(self.location).rglob("*"):
            if path.is_file():
                yield (
                    path.relative_to(self.location).as_posix(),
                    datetime.fromtimestamp(path.stat().st_mtime, UTC),
                )
