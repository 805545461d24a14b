"""`banshi serve`: what a phone loads for one guide, a port of its own, connections that send nothing, an end for all its processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import psutil
import pytest
import requests
import typer
from tests.processes import DEADLINE, environment, installation, said
from tests.servers import free_port

from banshi.command.serve import port_trouble, serve

IDLE = 1200
"""More than Granian takes by itself (1024)."""
AT_MOST = 120_000
"""Bytes that a citizen's phone loads for one guide, counted on the wire."""
PUBLISH = """
import json
import django
django.setup()
from django.conf import settings
from tests import factories
from banshi.catalog.guide.document import Guide
made = [each["guide"] for file in (settings.DATA / "demo/guides").glob("*.json") for each in json.loads(file.read_text())]
longest = max(made, key=lambda guide: len(json.dumps(guide)))
item = factories.item(text=Guide.model_validate(longest))
factories.publication(item)
print(item.guid)
"""


@dataclass(frozen=True, slots=True)
class Site:
    """Served until the test of its end; `guide` is the address of the longest guide of the example city."""

    process: subprocess.Popen[str]
    port: int
    environment: dict[str, str]
    guide: str
    has_the_loaded_site_in_common: bool


SERVE = """
import sys
import banshi.command.serve
from banshi.command import app
sys.modules["banshi.command.serve"].IDLE_SECONDS = 5
app(sys.argv[1:])
"""
"""`banshi`, with a third of the patience for connections that send nothing."""


def started(home: Path) -> Iterator[Site]:
    port = free_port()
    guid = said(PUBLISH, installation(home)).strip()
    own = environment(home, BANSHI_DEMO="1", BANSHI_API_RATE="0")
    with (home / "log").open("w") as log:
        command = [sys.executable, "-c", SERVE, "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=log, text=True, process_group=0)
    assert process.stdout
    assert "banshi ready" in process.stdout.readline(), (home / "log").read_text()
    in_common = has_the_loaded_site_in_common(psutil.Process(process.pid))  # before it is asked for anything
    yield Site(process, port, own, f"http://127.0.0.1:{port}/items/{guid}/", in_common)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for the tests of this module, as it takes the most time to start."""
    yield from started(tmp_path_factory.mktemp("site") / "home")


@pytest.fixture(scope="module")
def guide(site: Site) -> str:
    return site.guide


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/api/v1/changes", timeout=30).ok
    except requests.RequestException:
        return False


def loaded(address: str) -> requests.Response:
    """As it crosses the wire: its `raw` is not unpacked."""
    answer = requests.get(address, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=60)
    assert answer.status_code == 200, address
    return answer


def test_a_guide_weighs_120_kb_at_most_and_its_files_are_kept_for_years(guide: str) -> None:
    page = requests.get(guide, timeout=60)
    named = re.findall(r'<(?:link|script)[^>]*(?:href|src)="(/static/[^"]+)"', page.text)
    icons = re.findall(r'<use href="([^"#]+)#', page.text)
    files = {urljoin(guide, name) for name in [*named, *icons]}
    assert len(files) == 4, "favicon, stylesheet, script and icons"

    weight = len(loaded(guide).raw.read(decode_content=False))
    for file in files:
        answer = loaded(file)
        weight += len(answer.raw.read(decode_content=False))
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", file), "a name with its digest"
    assert weight <= AT_MOST


def test_text_is_compressed_made_anew_or_kept(guide: str) -> None:
    lengths = set()
    for _ in range(2):
        answer = loaded(guide)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        lengths.add(answer.content)
    assert len(lengths) == 1, "the page is the same, whichever way it came"


def test_equal_answers_made_anew_differ_in_length_so_that_it_tells_nothing(guide: str) -> None:
    address = urljoin(guide, "/?for=person")
    assert len({len(loaded(address).raw.read(decode_content=False)) for _ in range(8)}) > 1


def test_what_is_compressed_already_is_left_alone(guide: str) -> None:
    assert "Content-Encoding" not in loaded(f"{guide}notice.pdf").headers


def test_a_body_of_200_mb_is_refused_idle_connections_silence_nobody_and_children_end_with_their_parent(
    site: Site,
) -> None:
    """In one test, after which nothing is served any more."""
    process, port = site.process, site.port
    assert site.has_the_loaded_site_in_common
    refuses_a_body_of_200_mb(port)
    command = [sys.executable, "-m", "banshi.command", "serve", "--port", str(port)]
    second = subprocess.Popen(command, env=site.environment, stderr=subprocess.PIPE, text=True)
    idle = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(IDLE)]
    assert answers(port)
    for line in (idle[0], idle[-1]):
        assert line.recv(1) == b"", "the server closes what sends nothing"
    assert answers(port)
    for line in idle:
        line.close()

    _, refusal = second.communicate(timeout=DEADLINE)
    assert second.returncode == 1
    assert f"端口 {port} 正被别的程序使用" in refusal

    process.send_signal(signal.SIGKILL)  # alone, without its request processes
    process.wait()
    end = time.monotonic() + 60
    while answers(port):
        assert time.monotonic() < end, "request processes go on without their parent"
        time.sleep(0.1)


@pytest.mark.nightly  # waits for `STOP_SECONDS`
def test_a_request_process_that_cannot_end_does_not_keep_the_site(tmp_path: Path) -> None:
    site = next(serving := started(tmp_path / "home"))
    process, port = site.process, site.port
    assert answers(port)
    for each in psutil.Process(process.pid).children(recursive=True):
        each.suspend()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=600) in (0, -signal.SIGINT, 130)
    serving.close()


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


def has_the_loaded_site_in_common(site: psutil.Process) -> bool:
    """Request processes are forked off one that has loaded it."""
    *_, request_process = site.children(recursive=True)
    own, of_the_first = (each.memory_full_info().uss for each in (request_process, site))
    return bool(request_process.ppid() != site.pid and own < of_the_first / 2)


def refuses_a_body_of_200_mb(port: int) -> None:
    """Before it is sent."""
    for path, told in (
        ("/my/cases/1/materials/0/", "一次上传了200MB，超过60MB"),
        ("/api/v1/applications", '"status": 413'),
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {200 * 1024 * 1024}\r\n\r\n"
            line.sendall(head.encode())
            answer = b""
            while part := line.recv(65536):
                answer += part
                if told.encode() in answer:
                    break
        assert answer.startswith(b"HTTP/1.1 413"), "and not one byte of the body was sent"
    assert answers(port)
