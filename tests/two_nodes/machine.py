"""A machine of an installation: `banshi serve` and workers with a data folder of their own, killed together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from banshi.core.models import Node
from banshi.core.nodes import living
from tests.servers import free_port


class Machine:
    """`count` request processes, and as many workers."""

    def __init__(self, home: Path, environment: dict[str, str], count: int) -> None:
        self.home, self.port, self.count = home, free_port(), count
        self.environment = {**environment, "BANSHI_HOME": str(home)}
        self.processes: list[subprocess.Popen[str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.home.with_suffix(".log")

    def launch(self) -> None:
        serve = self._run(["serve", "--port", str(self.port), "--workers", str(self.count)])
        self.processes = [serve, *(self._run(["worker"], group=serve.pid) for _ in range(self.count))]

    def wait_until_ready(self) -> None:
        """Until the site answers and the worker is seen to live."""
        assert self.processes[0].stdout
        ready = self.processes[0].stdout.readline()
        assert "banshi ready" in ready, f"{ready}{self.log.read_text()}"
        wait_until(
            lambda: living().filter(home=str(self.home), kind=Node.NodeKind.WORKER).exists(), 60, "a living worker"
        )

    def _run(self, words: list[str], group: int = 0) -> subprocess.Popen[str]:
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "banshi.command", *words],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                process_group=group,
            )

    def kill(self) -> None:
        """End all its processes at once, without a word."""
        os.killpg(self.processes[0].pid, signal.SIGKILL)
        for each in self.processes:
            each.wait()
            assert each.stdout
            each.stdout.close()
        self.processes = []

    @property
    def workers(self) -> set[str]:
        """Names of its workers, dead ones too."""
        return set(Node.objects.filter(home=str(self.home), kind=Node.NodeKind.WORKER).values_list("name", flat=True))


def wait_until(what: Callable[[], object], seconds: float, words: str) -> float:
    """Wait for observed progress. How long it took."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, f"no {words} within {seconds:.0f} s"
        time.sleep(0.02)
    return time.monotonic() - begun
