"""Schedule of the system's own tasks as a list in code, each due moment taken by one worker only.

A moment missed while no worker ran is made up once (the newest only). Each entry's task is told the time as `at` (ISO
8601), so that tasks need no clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django_tasks.base import Task

from banshi.core.clock import CHINA
from banshi.jobs.models import ScheduledRun

SCHEDULE: dict[str, "ScheduledTask"] = {}


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """`every` so often, counted from midnight UTC of 1970.

    Or once a day `at` a time in China. `words` tell officials what it does.
    """

    name: str
    words: str
    task: Task[Any, Any]
    every: timedelta | None = None
    at: time | None = None

    def due(self, moment: datetime) -> datetime:
        """Return the newest due moment not after `moment`."""
        if self.every:
            seconds = int(self.every.total_seconds())
            return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)
        local = moment.astimezone(CHINA)
        todays = datetime.combine(local.date(), self.at or time(), CHINA)
        return todays if todays <= local else todays - timedelta(days=1)

    @property
    def rhythm(self) -> str:
        if self.every:
            minutes = int(self.every.total_seconds()) // 60
            return f"每{minutes // 60}小时" if minutes % 60 == 0 else f"每{minutes}分钟"
        return f"每天{self.at:%H:%M}"


def schedule(
    name: str, words: str, task: Task[Any, Any], *, every: timedelta | None = None, at: time | None = None
) -> None:
    """Put a task on the list.

    Call it in an app's `tasks` module, under the task.
    """
    if (every is None) == (at is None):
        raise ValueError("give either every= or at=")
    if name in SCHEDULE:
        raise ValueError(f"{name} is on the list already")
    SCHEDULE[name] = ScheduledTask(name, words, task, every, at)


def run_due(*, at: datetime) -> list[ScheduledRun]:
    """Enqueue what has become due and was not taken yet."""
    dues = {entry.name: entry.due(at) for entry in SCHEDULE.values()}
    taken = set(ScheduledRun.objects.filter(due__in=dues.values()).values_list("name", "due"))
    runs = [_take(SCHEDULE[name], due, at) for name, due in dues.items() if (name, due) not in taken]
    return [run for run in runs if run]


def _take(entry: ScheduledTask, due: datetime, at: datetime) -> ScheduledRun | None:
    """Record the run and queue its task in one transaction."""
    # None when another worker was faster.
    try:
        with transaction.atomic():
            result = entry.task.enqueue(at=at.isoformat())
            return ScheduledRun.objects.create(name=entry.name, due=due, task=result.id, started_at=at)
    except IntegrityError:
        return None
