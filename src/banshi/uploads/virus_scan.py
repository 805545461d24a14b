"""Virus scan by ClamAV's clamd, with its INSTREAM command over a socket."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.conf import settings

from banshi.core.errors import BanshiError

CHUNK = 128 * 1024
SECONDS = 60
FOUND = " FOUND"


class ScannerAway(BanshiError):
    """The scanner that is set can't be asked, so nothing is taken in."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "现在不能检查文件有没有病毒，文件没有收下", remedy="填写的内容还在，请过几分钟再传；一直这样请拨打 12345。"
        )


def is_on() -> bool:
    return bool(settings.CLAMD)


def virus_in(content: BinaryIO) -> str:
    """Return the name of the virus that the scanner recognises, "" for none and where no scanner is set.

    Raises ScannerAway.
    """
    if not is_on():
        return ""
    with _line() as line:
        line.sendall(b"zINSTREAM\0")
        while chunk := content.read(CHUNK):
            line.sendall(len(chunk).to_bytes(4, "big") + chunk)
        line.sendall(bytes(4))
        said = _reply(line)
    if said.endswith(FOUND):
        return said.removeprefix("stream: ").removesuffix(FOUND)
    if said != "stream: OK":
        raise ScannerAway
    return ""


def scanner_version() -> str:
    """Ask the scanner which program and signatures it uses.

    Raises ScannerAway.
    """
    with _line() as line:
        line.sendall(b"zVERSION\0")
        return _reply(line)


@contextmanager
def _line() -> Iterator[socket.socket]:
    scheme, _, place = settings.CLAMD.partition(":")
    host, _, port = place.removeprefix("//").rpartition(":")
    try:
        if scheme == "unix":
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(SECONDS)
            line.connect(place)
        else:
            line = socket.create_connection((host, int(port)), SECONDS)
        with line:
            yield line
    except OSError as trouble:
        raise ScannerAway from trouble


def _reply(line: socket.socket) -> str:
    said = bytearray()
    while not said.endswith(b"\0") and (part := line.recv(4096)):
        said += part
    return said.rstrip(b"\0").decode("utf-8", "replace")
