"""An IMAP server for tests, with one folder of letters and what is marked as read."""

import socketserver
import threading
from dataclasses import dataclass, field
from typing import Self

USER, PASSWORD = "letters", "a secret of tests"


@dataclass
class FakeMailbox:
    """`letters` by their place, from 1. `seen` are places marked as read."""

    letters: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    hangs_up_after: int | None = None
    folder: str = "INBOX"
    """As it goes over the line, in modified UTF-7."""
    read_only: bool = False
    gone: set[int] = field(default_factory=set)
    """Places of letters that were expunged by somebody else since they were found."""

    @property
    def url(self) -> str:
        """Return the value of BANSHI_MAILBOX_URL."""
        return f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self._server.server_address[1]}/INBOX"

    def __enter__(self) -> Self:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, words: list[str]) -> tuple[bytes, str]:
        """Return untagged lines and the outcome of a command."""
        match [each.upper() for each in words[:2]]:
            case ["CAPABILITY", *_]:
                return b"* CAPABILITY IMAP4rev1\r\n", "OK"
            case ["LOGIN", *_]:
                return b"", "OK" if " ".join(words[1:]).replace('"', "") == f"{USER} {PASSWORD}" else "NO"
            case ["SELECT", *_]:
                there = " ".join(words[1:]).strip('"') == self.folder
                return (f"* {len(self.letters)} EXISTS\r\n".encode(), "OK") if there else (b"", "NO")
            case ["UID", "SEARCH"]:
                unseen = [str(n) for n in range(1, len(self.letters) + 1) if n not in self.seen]
                return f"* SEARCH {' '.join(unseen)}\r\n".encode(), "OK"
            case ["UID", "FETCH"]:
                return self._fetched(int(words[2]), " ".join(words[3:])), "OK"
            case ["UID", "STORE"] if self.read_only:
                return b"", "NO"
            case ["UID", "STORE"]:
                self.seen.add(int(words[2]))
                return b"", "OK"
        return b"", "OK"

    def _fetched(self, place: int, what: str) -> bytes:
        if place in self.gone:
            return b""
        letter = self.letters[place - 1]
        # A server may tell of flags at any time, and the parts of an answer in any order.
        news = f"* {place} FETCH (FLAGS (\\Recent))\r\n".encode()
        if "SIZE" in what:
            return news + f"* {place} FETCH (RFC822.SIZE {len(letter)} UID {place})\r\n".encode()
        if self.hangs_up_after is not None:
            self.hangs_up_after -= 1
            if self.hangs_up_after < 0:
                raise ConnectionAbortedError
        return news + f"* {place} FETCH (UID {place} BODY[] {{{len(letter)}}}\r\n".encode() + letter + b")\r\n"


def _handler(box: FakeMailbox) -> type[socketserver.StreamRequestHandler]:
    class ImapHandler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline():
                tag, *words = line.decode().split()
                try:
                    said, outcome = box.answer(words)
                except ConnectionAbortedError:
                    return
                self.wfile.write(said + f"{tag} {outcome} done\r\n".encode())
                if words[0].upper() == "LOGOUT":
                    return

    return ImapHandler
