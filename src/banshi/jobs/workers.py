"""Workers of django-tasks: tasks are rows, enqueued in the transaction of the act that needs them.

A task may be run again after its worker was killed, so each is either one transaction or safe to repeat.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from banshi.core.leases import do_alone
from banshi.core.models import Node
from banshi.core.nodes import Heartbeat, living, signed_on
from banshi.events.consuming import follow
from banshi.jobs.schedule import run_due
from banshi.jobs.sealer import keep_sealing

logger = logging.getLogger("banshi.tasks")
ATTEMPTS = 3
Clock = Callable[[], datetime]
POLL_SECONDS = 0.5
TICK_SECONDS = 5
CLOCK = "clock"
"""Lease of the one process of the city that looks at the schedule."""
EVENTS, EVENTS_SECONDS, EVENTS_LASTS = "events", 1.0, timedelta(seconds=4)
"""Lease of the one that numbers events and lets consumers follow; short, so that after a kill another goes on within seconds."""


class WorkerLost(Exception):
    """The worker was killed in the middle of this task, for the last time allowed."""


def run_worker(clock: Clock) -> None:
    """Work until a signal comes (`banshi worker`).

    A second signal ends the running task, which another worker repeats.
    """
    with signed_on(Node.NodeKind.WORKER) as heartbeat:
        _start_background_threads(heartbeat, clock)
        worker = _worker(heartbeat.name)
        worker.configure_signals()
        worker.run()


def start_embedded_worker(heartbeat: Heartbeat, clock: Clock) -> threading.Thread:
    """Work in a thread of this process (`banshi demo`, `banshi serve --worker`).

    It ends with the process.
    """
    _start_background_threads(heartbeat, clock)
    return _start(lambda: _work_on(heartbeat.name, clock), "worker")


def _work_on(name: str, clock: Clock) -> None:
    """Restart after errors, such as a database that is away for a while."""
    while True:
        try:
            _put_back(lambda workers: workers & {name}, at=clock())
            _worker(name).run()
        except Exception:
            logger.exception("embedded worker stumbled, goes on in %s s", TICK_SECONDS)
            connection.close()
            time.sleep(TICK_SECONDS)


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


def _start_background_threads(heartbeat: Heartbeat, clock: Clock) -> None:
    """Run the schedule, the sealer and the consumers of events, of which the city has one each, and look for lost tasks."""
    over = heartbeat.over
    _start(lambda: do_alone(CLOCK, lambda: run_due(at=clock()), every=TICK_SECONDS, until=over), "schedule")
    _start(lambda: keep_sealing(clock, until=over), "sealer")
    _start(lambda: do_alone(EVENTS, follow, every=EVENTS_SECONDS, until=over, ttl=EVENTS_LASTS), "events")
    _start(lambda: _look_for_lost(heartbeat, clock), "takeover")


def _start(work: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


def _look_for_lost(heartbeat: Heartbeat, clock: Clock) -> None:
    while not heartbeat.over.wait(TICK_SECONDS):
        try:
            put_back_lost(heartbeat, at=clock())
        except Exception:
            logger.exception("looking for lost tasks stumbled")
            connection.close()
        close_old_connections()


def put_back_lost(judge: Heartbeat, *, at: datetime) -> int:
    """Queue again what is running under workers that are no longer alive.

    After three attempts call it failed.
    """
    if not judge.steady:
        return 0
    return _put_back(lambda workers: workers - set(living().values_list("name", flat=True)), at=at)


@transaction.atomic
def _put_back(dead_among: Callable[[set[str]], set[str]], *, at: datetime) -> int:
    """Ask who is dead only after reading what runs: who signs on and claims in between is not mistaken."""
    rows = DBTaskResult.objects.select_for_update().filter(status=TaskResultStatus.RUNNING)
    running = [(row, row.worker_ids[-1]) for row in rows if row.worker_ids]
    dead = dead_among({worker for _, worker in running})
    lost = [row for row, worker in running if worker in dead]
    for row in lost:
        if len(row.worker_ids) >= ATTEMPTS:
            row.set_failed(WorkerLost(f"任务执行中断{ATTEMPTS}次，不再重试"))
        else:
            row.status, row.started_at = TaskResultStatus.READY, None
            row.save(update_fields=["status", "started_at"])
            logger.warning("task %s (%s) was interrupted and is queued again at %s", row.pk, row.task_path, at)
    return len(lost)
