"""Background work: who runs tasks, how a long one says how far it is, and what happens when a worker dies.

Tasks are django-tasks; rows in the database, enqueued in the transaction of the act that needs them. A task may be run
again after its worker was killed, so each is either one transaction or safe to repeat.

Progress lies beside the database, in BANSHI_HOME: what a task does in one long transaction could not be seen in a row of it.
"""

import fcntl
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from banshi.core.clock import now
from banshi.jobs.schedule import run_due

logger = logging.getLogger("banshi.tasks")
ATTEMPTS = 3
POLL_SECONDS = 0.5
TICK_SECONDS = 15


class WorkerLost(Exception):
    """The worker was killed in the middle of this task, for the last time allowed."""


# Workers


def run_worker() -> None:
    """Work until a signal comes (`banshi worker`). A second signal ends the running task, which another worker repeats."""
    with _signed_on() as name:
        _start(_keep_time)
        worker = _worker(name)
        worker.configure_signals()
        worker.run()


def start_embedded_worker() -> threading.Thread:
    """Work in a thread of this process (`banshi demo`, `banshi serve --worker`); it ends with the process."""
    _start(_keep_time)
    return _start(_work_on)


def _work_on() -> None:
    """A worker that outlives its own troubles, such as a database that is away for a while."""
    with _signed_on() as name:
        while True:
            try:
                _worker(name).run()
            except Exception:
                logger.exception("embedded worker stumbled, goes on in 5 s")
                time.sleep(5)


def _worker(name: str) -> Worker:
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=POLL_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
    )


def _keep_time() -> None:
    """Look at the schedule and for dead colleagues, for as long as the process lives. An entrance, so it asks the clock."""
    while True:
        try:
            run_due(at=now())
            put_back_lost(at=now())
        except Exception:
            logger.exception("schedule stumbled")
        close_old_connections()
        time.sleep(TICK_SECONDS)


def _start(work: Any) -> threading.Thread:
    thread = threading.Thread(target=work, name=f"banshi-{work.__name__.strip('_')}", daemon=True)
    thread.start()
    return thread


# The dead: each worker holds a lock on a file of its name. The system lets go of it however the worker ends.


@contextmanager
def _signed_on() -> Iterator[str]:
    """A name for this worker, and its locked file while it works."""
    name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
    folder = _desk()
    folder.mkdir(parents=True, exist_ok=True)
    hidden = folder / f".{name}"
    with hidden.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        hidden.rename(folder / name)
        try:
            yield name
        finally:
            (folder / name).unlink(missing_ok=True)


def put_back_lost(*, at: datetime) -> int:
    """Queue again what workers of this BANSHI_HOME were doing when they died; after three attempts call it failed."""
    return sum(_put_back(path.name, at) for path in _desk().glob("[!.]*") if _is_dead(path))


def _is_dead(path: Path) -> bool:
    try:
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return False
    return True


def _put_back(name: str, at: datetime) -> int:
    with transaction.atomic():
        running = DBTaskResult.objects.select_for_update().filter(status=TaskResultStatus.RUNNING)
        lost = [row for row in running if row.worker_ids and row.worker_ids[-1] == name]
        for row in lost:
            _again_or_failed(row, at)
    (_desk() / name).unlink(missing_ok=True)
    return len(lost)


def _again_or_failed(row: DBTaskResult, at: datetime) -> None:
    if len(row.worker_ids) >= ATTEMPTS:
        row.set_failed(WorkerLost(f"任务执行中断{ATTEMPTS}次，不再重试"))
        return
    row.status, row.started_at = TaskResultStatus.READY, None
    row.save(update_fields=["status", "started_at"])
    logger.warning("task %s (%s) was interrupted and is queued again at %s", row.pk, row.task_path, at)


def _desk() -> Path:
    return Path(settings.HOME) / "workers"
