"""Files sent to a browser: the one place that names them and says what they are."""

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from banshi.core.file_types import MEDIA_TYPES
from banshi.core.models import StoredFile
from banshi.files import open_file

UNSENDABLE = re.compile(r"[\x00-\x1f\x7f/\\]")


def send_bytes(content: bytes | str, name: str, *, inline: bool = False) -> HttpResponse:
    return HttpResponse(content, content_type=_media_type(name), headers=_headers(name, inline))


def send_stream(content: Iterable[bytes | str], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(content, content_type=_media_type(name), headers=_headers(name))


def send_written(write: Callable[[IO[bytes]], object], name: str) -> FileResponse:
    """Write the file to disk first, so that memory does not grow with it."""
    file = TemporaryFile()  # noqa: SIM115 - closed by FileResponse
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_safe(name), content_type=_media_type(name))


def send_stored(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Send a stored file with the type told from its bytes when it was stored.

    The browser must not guess.
    """
    sent = FileResponse(
        open_file(stored), as_attachment=not inline, filename=_safe(stored.name), content_type=stored.media_type
    )
    sent["X-Content-Type-Options"] = "nosniff"
    return sent


def send_parts(parts: Iterable[bytes], stored: StoredFile) -> StreamingHttpResponse:
    """Send a stored file as it is read, with its length, by which whoever takes it knows that all of it came."""
    sent = StreamingHttpResponse(parts, content_type=stored.media_type, headers=_headers(stored.name))
    sent["Content-Length"] = str(stored.size)
    sent["X-Content-Type-Options"] = "nosniff"
    return sent


def _media_type(name: str) -> str:
    return MEDIA_TYPES[PurePath(name).suffix.lower().lstrip(".")]


def _headers(name: str, inline: bool = False) -> dict[str, str]:
    """Build the headers of RFC 6266, with names beyond ASCII by RFC 5987."""
    return {"Content-Disposition": content_disposition_header(not inline, _safe(name)) or "inline"}


def _safe(name: str) -> str:
    """Clean a file name of what ends the header or names a folder."""
    return UNSENDABLE.sub("_", name)
