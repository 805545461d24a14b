"""Surveys in the background."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django_tasks import task
from django_tasks.base import TaskContext

from banshi.analysis.actions import begin_survey, finish_survey, give_up_survey
from banshi.analysis.models import Survey
from banshi.core.errors import Conflict
from banshi.jobs.progress import report_of
from banshi.jobs.schedule import schedule
from banshi.ledger import Actor, System
from banshi.rulebook.tasks import abandoned

QUARTER = timedelta(days=90)


@task(takes_context=True)
def run_survey(context: TaskContext, survey: int, at: str) -> dict[str, int]:
    """Finish a survey that was begun.

    Run again after a lost worker it begins it anew.
    """
    found = Survey.objects.get(pk=survey)
    if found.finished_at is None:
        finish_survey(found, report=report_of(context), by=System("analysis"), at=datetime.fromisoformat(at))
    return {"survey": found.pk}


@transaction.atomic
def start_survey(*, compared_with: date | None = None, by: Actor, at: datetime) -> Survey:
    """Begin a survey and have it made in the background."""
    for lost in abandoned(Survey.objects.filter(finished_at=None)):
        give_up_survey(lost, by=System("analysis"), at=at)
    survey = begin_survey(compared_with=compared_with, by=by, at=at)
    task = run_survey.enqueue(survey.pk, at.isoformat())
    survey.task = task.id
    Survey.objects.filter(pk=survey.pk).update(task=task.id)
    return survey


@task()
def survey_nightly(at: str) -> None:
    """Survey the whole catalogue as it stands, against a quarter ago."""
    moment = datetime.fromisoformat(at)
    try:
        start_survey(compared_with=localdate(moment) - QUARTER, by=System("analysis"), at=moment)
    except Conflict:
        return


schedule("survey_nightly", "全目录对照：循环证明、重复、纵横统一、负担", survey_nightly, at=time(3, 30))
