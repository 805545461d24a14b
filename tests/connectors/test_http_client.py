"""Answers of others are taken as they come, within limits."""

import socket
import time
from threading import Thread

import pytest

from banshi.connectors import http_client
from banshi.connectors.http_client import call, new_session
from banshi.outbox.channels import Unavailable


def test_one_that_drips_byte_by_byte_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """No block is waited for until it is full."""
    monkeypatch.setattr(http_client, "MOST_ANSWERS", 0.01)
    sent = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            with listening.accept()[0] as other:
                other.recv(65_536)
                other.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                for _ in range(1000):
                    sent.append(other.send(b"x"))
                    time.sleep(0.02)

        Thread(target=drip, daemon=True).start()
        with pytest.raises(Unavailable, match="太慢"):
            call(new_session(), "GET", f"http://127.0.0.1:{listening.getsockname()[1]}/", seconds=20)
    assert len(sent) < 1000
