"""Whole-catalogue runs in the background."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django_tasks import task
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from banshi.catalog.models import Item
from banshi.cleanup.actions import (
    begin_examination,
    begin_survey,
    finish_examination,
    finish_survey,
    give_up_examination,
    give_up_survey,
)
from banshi.cleanup.models import Examination, Survey
from banshi.core.errors import Conflict
from banshi.core.ledger import Actor, System
from banshi.core.schedule import schedule
from banshi.core.tasks import report_of
from banshi.people.models import Organ, User

UNDER_WAY = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
QUARTER = timedelta(days=90)


@task(takes_context=True)
def run_examination(context: TaskContext, run: int, user: int, at: str) -> dict[str, int]:
    """Finish a run that was begun. Run again after a lost worker it finds it finished, or begins it anew."""
    found = Examination.objects.get(pk=run)
    by: Actor = User.objects.get(pk=user) if user else System("cleanup")
    if found.finished_at is None:
        finish_examination(found, report=report_of(context), by=by, at=datetime.fromisoformat(at))
    return {"examination": found.pk}


@transaction.atomic
def start_examination(organs: Sequence[Organ], *, scope: str, by: Actor, at: datetime) -> Examination:
    """Begin a run and have it done in the background."""
    _give_up_failed(by, at)
    run = begin_examination(organs, scope=scope, by=by, at=at)
    task = run_examination.enqueue(run.pk, by.pk if isinstance(by, User) else 0, at.isoformat())
    Examination.objects.filter(pk=run.pk).update(task=task.id)
    run.task = task.id
    return run


def _give_up_failed(by: Actor, at: datetime) -> None:
    for run in _failed(Examination.objects.filter(finished_at=None)):
        give_up_examination(run, by=by, at=at)


def _failed(begun: Any) -> list[Any]:
    """What was begun and nobody works on any more."""
    under_way = {str(key) for key in DBTaskResult.objects.filter(status__in=UNDER_WAY).values_list("pk", flat=True)}
    return [each for each in begun.exclude(task="") if each.task not in under_way]


@task(takes_context=True)
def run_survey(context: TaskContext, survey: int, user: int, at: str) -> dict[str, int]:
    """Finish a survey that was begun; run again after a lost worker it begins it anew."""
    found = Survey.objects.get(pk=survey)
    by: Actor = User.objects.get(pk=user) if user else System("cleanup")
    if found.finished_at is None:
        finish_survey(found, report=report_of(context), by=by, at=datetime.fromisoformat(at))
    return {"survey": found.pk}


@transaction.atomic
def start_survey(*, compared_with: date | None = None, by: Actor, at: datetime) -> Survey:
    """Begin a survey and have it made in the background."""
    for lost in _failed(Survey.objects.filter(finished_at=None)):
        give_up_survey(lost, by=by, at=at)
    survey = begin_survey(compared_with=compared_with, by=by, at=at)
    task = run_survey.enqueue(survey.pk, by.pk if isinstance(by, User) else 0, at.isoformat())
    survey.task = task.id
    Survey.objects.filter(pk=survey.pk).update(task=task.id)
    return survey


@task()
def survey_nightly(at: str) -> None:
    """The whole catalogue as it stands, against a quarter ago."""
    moment = datetime.fromisoformat(at)
    try:
        start_survey(compared_with=localdate(moment) - QUARTER, by=System("cleanup"), at=moment)
    except Conflict:
        return


@task()
def examine_nightly(at: str) -> None:
    """Everything; what has not changed since yesterday is not read again."""
    organs = Organ.objects.filter(pk__in=Item.objects.filter(state="active").order_by().values("organ"))
    try:
        start_examination(list(organs), scope="全部单位", by=System("cleanup"), at=datetime.fromisoformat(at))
    except Conflict:  # somebody's own run is not finished; tomorrow is another night
        return


schedule("examine_nightly", "按规则库检查全部事项", examine_nightly, at=time(2, 30))
schedule("survey_nightly", "全目录对照：循环证明、重复、纵横统一、负担", survey_nightly, at=time(3, 30))
