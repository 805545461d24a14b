"""Whole-catalogue runs in the background."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django_tasks import task
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from banshi.catalog.models import Item
from banshi.core.errors import Conflict
from banshi.jobs.progress import report_of
from banshi.jobs.schedule import schedule
from banshi.ledger import Actor, System
from banshi.people.models import Organ, User
from banshi.rulebook.actions import begin_examination, examine_items, finish_examination, give_up_examination
from banshi.rulebook.models import Examination

UNDER_WAY = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


@task(takes_context=True)
def run_examination(context: TaskContext, run: int, user: int, at: str) -> dict[str, int]:
    """Finish a run that was begun.

    Run again after a lost worker it finds it finished, or begins it anew.
    """
    found = Examination.objects.get(pk=run)
    by: Actor = User.objects.get(pk=user) if user else System("rulebook")
    if found.finished_at is None:
        finish_examination(found, report=report_of(context), by=by, at=datetime.fromisoformat(at))
    return {"examination": found.pk}


@transaction.atomic
def start_examination(organs: Sequence[Organ], *, scope: str, by: Actor, at: datetime) -> Examination:
    """Begin a run and have it done in the background."""
    for failed in abandoned(Examination.objects.filter(finished_at=None)):
        give_up_examination(failed, by=System("rulebook"), at=at)
    run = begin_examination(organs, scope=scope, by=by, at=at)
    task = run_examination.enqueue(run.pk, by.pk if isinstance(by, User) else 0, at.isoformat())
    Examination.objects.filter(pk=run.pk).update(task=task.id)
    run.task = task.id
    return run


def abandoned(begun: Any) -> list[Any]:
    """Find runs that were begun and nobody works on any more."""
    under_way = {str(key) for key in DBTaskResult.objects.filter(status__in=UNDER_WAY).values_list("pk", flat=True)}
    return [each for each in begun.exclude(task="") if each.task not in under_way]


@task()
def examine_imported(batch: int, at: str) -> None:
    """Examine what an import brought.

    Run again it passes over what it has read.
    """
    items = Item.objects.filter(imported_rows__batch=batch, state="active").distinct()
    examine_items(items, by=System("rulebook"), at=datetime.fromisoformat(at))


@task()
def examine_nightly(at: str) -> None:
    """Examine everything, reading again only what has changed since yesterday."""
    organs = Organ.objects.filter(pk__in=Item.objects.filter(state="active").order_by().values("organ"))
    try:
        start_examination(list(organs), scope="全部单位", by=System("rulebook"), at=datetime.fromisoformat(at))
    except Conflict:  # somebody's own run is not finished; tomorrow is another night
        return


schedule("examine_nightly", "按规则库检查全部事项", examine_nightly, at=time(2, 30))
