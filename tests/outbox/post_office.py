"""A mail server on this machine's loopback, real enough for smtplib. It can be told to refuse, or to hang up."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self


@dataclass
class PostOffice:
    """`answers`: replies to the next messages, or None to hang up after taking one in, as when a cable is pulled.
    `refuses`: recipients nobody knows. `at_most`: messages of one connection, then it hangs up."""

    answers: list[str | None] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    refuses_sender: bool = False
    at_most: int = 1000
    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        office = self

        class Counter(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                office.serve(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        self._server = Server(("127.0.0.1", self.port), Counter)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, line: Any) -> None:
        self.connections += 1
        taken = 0
        line.wfile.write(b"220 ready\r\n")
        while taken < self.at_most and (said := line.rfile.readline()):
            word = said.decode().strip()
            reply: str | None = self._reply(word)
            if word.upper() == "DATA":
                line.wfile.write(b"354 go on\r\n")
                reply, taken = self._take(line.rfile), taken + 1
            if reply is None:
                return
            line.wfile.write(f"{reply}\r\n".encode())
            if word.upper() == "QUIT":
                return

    def _reply(self, word: str) -> str:
        if word.upper().startswith("MAIL") and self.refuses_sender:
            return "553 not your address"
        return "550 unknown" if any(f"<{each}>" in word for each in self.refuses) else "250 fine"

    def _take(self, file: Any) -> str | None:
        text = bytearray()
        while (row := file.readline()) not in (b".\r\n", b""):
            text += row[1:] if row.startswith(b".") else row
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer is None or answer.startswith("2"):
            self.received.append(message_from_bytes(bytes(text), policy=policy.default))  # type: ignore[arg-type]
        return answer


def free_port() -> int:
    """Of a server that is not there."""
    with PostOffice() as gone:
        return gone.port
