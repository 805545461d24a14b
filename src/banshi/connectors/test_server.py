"""A real HTTP server on this machine's loopback, on which the fakes stand. Used by tests. Never started in service."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Loopback:
    """`answer` gives status, body (bytes, or anything JSON) and headers, if any. `troubles`: statuses for the next requests, or None to
    hang up after the request took effect, as when a cable is pulled."""

    troubles: list[int | None] = field(default_factory=list)
    asked: list[ReceivedRequest] = field(default_factory=list)

    def answer(self, asked: ReceivedRequest) -> Reply:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._one_at_a_time = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._reply))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def _reply(self, asked: ReceivedRequest) -> Reply | None:
        with self._one_at_a_time:
            self.asked.append(asked)
            trouble = self.troubles.pop(0) if self.troubles else 0
            if trouble:
                return trouble, {}
            reply = self.answer(asked)
            return None if trouble is None else reply


def _handler(reply: Callable[[ReceivedRequest], Reply | None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answered = reply(ReceivedRequest(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
            if answered is None:
                self.close_connection = True
                self.connection.close()
                return
            status, content, *more = answered
            sent = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            for name, value in more[0].items() if more else ():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_DELETE = _serve

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
