"""Servers that tests start for themselves: Debian's redis-server and clamd, and moto, which speaks S3."""

import logging
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
from pytest_django import Settings

from tests.processes import DEADLINE, environment

KEY, SECRET, BUCKET = "banshi", "s3 secret", "files"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis of one's own; skipped where there is none, but never in CI."""
    if not shutil.which("redis-server") and not os.environ.get("CI"):
        pytest.skip("needs redis-server (Debian: redis-server)")
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path), "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    for line in server.stdout:
        if "Ready to accept connections" in line:
            break
    threading.Thread(target=server.stdout.read, daemon=True).start()
    yield f"redis://127.0.0.1:{port}/0"
    server.kill()
    server.wait()


@pytest.fixture
def s3_server() -> Iterator[str]:
    """The value of BANSHI_FILES_URL for a bucket of one's own."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=DEADLINE).raise_for_status()
    boto3.session.Session().client(  # the default session would keep 15 MB of descriptions
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    ).create_bucket(Bucket=BUCKET)
    yield f"s3://{KEY}:{SECRET.replace(' ', '%20')}@{host}:{port}/{BUCKET}/banshi?tls=off"
    server.stop()


@pytest.fixture
def files_in_s3(s3_server: str, settings: Settings) -> str:
    """Stored files of this test lie in the bucket."""
    from banshi.config.file_store import s3_options

    bucket = {"BACKEND": "banshi.core.s3_storage.S3Storage", "OPTIONS": s3_options(s3_server)}
    settings.STORAGES = {**settings.STORAGES, "default": bucket}
    return s3_server


@pytest.fixture
def environment_of(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """The environment of a process that is an installation of its own, with the given variables."""

    return partial(environment, tmp_path / "home")


@pytest.fixture
def clamd_server(tmp_path: Path) -> Iterator[str]:
    """The value of BANSHI_CLAMD for a clamd of one's own that knows one virus, the test file of all scanners; skipped where there is
    none, but never in CI."""
    if not shutil.which("clamd") and not os.environ.get("CI"):
        pytest.skip("needs clamd (Debian: clamav-daemon)")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Banshi.Test\n")
        config = Path(folder, "clamd.conf")
        config.write_text(f"DatabaseDirectory {folder}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\n")
        server = subprocess.Popen(["clamd", "-c", str(config)], stdout=subprocess.PIPE, text=True)
        assert server.stdout
        for line in server.stdout:
            if "Self checking every" in line:
                break
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield f"tcp://127.0.0.1:{port}"
        server.kill()
        server.wait()
