"""`banshi serve`: a port of its own, connections that send nothing, and an end for all its processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import requests
import typer
from tests.processes import installation
from tests.servers import free_port

from banshi.command.serve import port_trouble, serve

IDLE = 1200
"""More than Granian takes by itself (1024)."""


@pytest.fixture
def site(tmp_path: Path, environment_of: Callable[..., dict[str, str]]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    environment, port = environment_of(BANSHI_DEMO="1", BANSHI_API_RATE="0"), free_port()
    command = [sys.executable, "-m", "banshi.command"]
    installation(Path(environment["BANSHI_HOME"]))
    with (tmp_path / "log").open("w") as log:
        serve = [*command, "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(
            serve, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, process_group=0
        )
    assert process.stdout
    assert "banshi ready" in process.stdout.readline(), (tmp_path / "log").read_text()
    yield process, port
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/api/v1/changes", timeout=30).ok
    except requests.RequestException:
        return False


def test_a_body_of_200_mb_is_refused_idle_connections_silence_nobody_and_children_end_with_their_parent(
    site: tuple[subprocess.Popen[str], int], environment_of: Callable[..., dict[str, str]]
) -> None:
    """In one test, as the site takes the most time to start."""
    process, port = site
    has_the_loaded_site_in_common(psutil.Process(process.pid))
    refuses_a_body_of_200_mb(port)
    idle = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(IDLE)]
    assert answers(port)
    for line in (idle[0], idle[-1]):
        assert line.recv(1) == b"", "the server closes what sends nothing"
    assert answers(port)
    for line in idle:
        line.close()

    second = [sys.executable, "-m", "banshi.command", "serve", "--port", str(port)]
    refused = subprocess.run(second, env=environment_of(), capture_output=True, text=True, timeout=120, check=False)
    assert refused.returncode == 1
    assert f"端口 {port} 正被别的程序使用" in refused.stderr

    process.send_signal(signal.SIGKILL)  # alone, without its request processes
    process.wait()
    end = time.monotonic() + 60
    while answers(port):
        assert time.monotonic() < end, "request processes go on without their parent"
        time.sleep(0.1)


@pytest.mark.nightly  # waits for `STOP_SECONDS`
def test_a_request_process_that_cannot_end_does_not_keep_the_site(site: tuple[subprocess.Popen[str], int]) -> None:
    process, port = site
    assert answers(port)
    for each in psutil.Process(process.pid).children(recursive=True):
        each.suspend()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=600) in (0, -signal.SIGINT, 130)


def test_the_site_and_its_streams_do_not_share_a_port(capsys: pytest.CaptureFixture[str]) -> None:
    """The one that comes first would answer for the other, and say that the site is ready."""
    port = free_port()
    with pytest.raises(typer.Exit):
        serve(port=port, streams=port, host="127.0.0.1", workers=1, threads=1, worker=False)
    assert f"不能用同一个端口 {port}" in "".join(capsys.readouterr())


def test_a_free_port_is_no_trouble() -> None:
    assert port_trouble("127.0.0.1", free_port()) == ""


def test_an_address_of_another_machine_is_told() -> None:
    assert "没有 203.0.113.7 这个地址" in port_trouble("203.0.113.7", 8000)


def test_a_port_that_is_taken_is_told_with_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"--port {port % 65535 + 1}" in port_trouble("127.0.0.1", port)


def has_the_loaded_site_in_common(site: psutil.Process) -> None:
    """Request processes are forked off one that has loaded it."""
    *_, request_process = site.children(recursive=True)
    assert request_process.ppid() != site.pid
    assert request_process.memory_full_info().uss < site.memory_full_info().uss / 2


def refuses_a_body_of_200_mb(port: int) -> None:
    """Before it is sent."""
    for path, said in (
        ("/my/cases/1/materials/0/", "一次上传了200MB，超过60MB"),
        ("/api/v1/applications", '"status": 413'),
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {200 * 1024 * 1024}\r\n\r\n"
            line.sendall(head.encode())
            answer = b""
            while part := line.recv(65536):
                answer += part
                if said.encode() in answer:
                    break
        assert answer.startswith(b"HTTP/1.1 413"), "and not one byte of the body was sent"
    assert answers(port)
