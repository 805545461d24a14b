"""Progress of background tasks.

Kept in the cache beside the database, since rows written in one long transaction could not be seen until it ends.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from banshi.core.errors import Missing

WORDS = {"READY": "排队中", "RUNNING": "进行中", "FAILED": "失败", "SUCCESSFUL": "已完成"}


class ProgressReport:
    """Given to a long task: `report(done, total, message)` as often as it likes.

    Written at most four times a second.
    """

    def __init__(self, key: str) -> None:
        self.key, self.written = key, 0.0

    def __call__(self, done: int, total: int = 0, message: str = "") -> None:
        moment = time.monotonic()
        if done >= total > 0 or moment - self.written >= 0.25:
            self.written = moment
            caches["progress"].set(self.key, (done, total, message))


def report_of(context: TaskContext) -> ProgressReport:
    """Report progress of a task declared with `takes_context=True`."""
    return ProgressReport(context.task_result.id)


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """The progress of a task.

    `state` is a status of django-tasks, `answer` the returned value, `trouble` the error's last line.
    """

    key: str
    state: str
    done: int = 0
    total: int = 0
    message: str = ""
    answer: Any = None
    trouble: str = ""

    @property
    def finished(self) -> bool:
        return self.state in {TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL}

    @property
    def percent(self) -> int | None:
        if self.state == TaskResultStatus.SUCCESSFUL:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def words(self) -> str:
        return WORDS[self.state]


def progress_of(key: str) -> TaskProgress:
    """Read a task's progress.

    Raises Missing for an unknown task.
    """
    try:
        row = DBTaskResult.objects.get(pk=key)
    except (DBTaskResult.DoesNotExist, ValidationError) as unknown:
        raise Missing("没有这项后台任务") from unknown
    done, total, message = caches["progress"].get(str(row.pk)) or (0, 0, "")
    trouble = row.traceback.strip().rpartition("\n")[2]
    return TaskProgress(str(row.pk), row.status, done, total, message, row.return_value, trouble)
