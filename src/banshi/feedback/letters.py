"""Port to a mailbox, which a connector registers, and what is read of a letter."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True, slots=True)
class IncomingLetter:
    """An e-mail as it was read. `key` is the digest of its Message-ID and sender, by which it is taken in once."""

    key: str
    sender: str
    name: str
    subject: str
    text: str
    files: list[UploadedFile] = field(default_factory=list)
    automatic: bool = False


class OpenMailbox(Protocol):
    """A mailbox one has signed in to. Its methods raise Unavailable."""

    def unread(self) -> Iterator[tuple[str, IncomingLetter]]:
        """Yield each letter nobody has read, with its place in the box."""

    def done(self, place: str) -> None:
        """Mark a letter as read, once it is kept here."""


Opener = Callable[[], AbstractContextManager[OpenMailbox]]
_makers: list[Callable[[], Opener | None]] = []


def register_mailbox(make: Callable[[], Opener | None]) -> None:
    _makers.append(make)


def mailbox() -> Opener | None:
    """Find the mailbox that is set, if any."""
    return next((made for make in _makers if (made := make())), None)
