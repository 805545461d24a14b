"""A fake of the program that reads identity cards on a clerk's own computer, by the protocol of docs/reception.md."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass
class FakeCardReader:
    """`origin` is the one site whose pages may read; the card on it says `name` and `number`, "" of none."""

    origin: str
    name: str = ""
    number: str = ""

    def __enter__(self) -> Self:
        reader = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.path == "/card" and self.headers.get("Origin") == reader.origin
                card = {"name": reader.name, "number": reader.number}
                said = (200, card) if known and reader.number else (409, {"message": "读卡器上没有身份证"})
                self._reply(*said)

            def do_OPTIONS(self) -> None:
                self._reply(204, None)

            def _reply(self, status: int, said: object) -> None:
                body = b"" if said is None else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Access-Control-Allow-Origin", reader.origin)
                self.send_header("Access-Control-Allow-Private-Network", "true")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"
