"""Looking at the whole catalogue. The survey stands until the next one."""

from dataclasses import asdict
from datetime import date, datetime, time

from django.db import transaction
from django.utils.timezone import localdate

from banshi.access import Permission, authorize
from banshi.analysis.models import Survey
from banshi.core.clock import CHINA
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.progress import Progress, no_progress
from banshi.core.repeats import hold_name
from banshi.ledger import Actor, record

KEPT = 20
"""Surveys; older ones are made anew by asking for a day."""
OWNER = "全部单位"


@transaction.atomic
def begin_survey(*, compared_with: date | None = None, by: Actor, at: datetime) -> Survey:
    """Begin a survey, which `finish_survey` makes."""
    authorize(by, Permission.ITEM_EDIT, at=at)
    if compared_with and compared_with >= localdate(at):
        raise BadInput("要和今天以前的一天比", [Problem("请选今天以前的一天", field="compared_with")])
    hold_name("analysis.Survey")
    if Survey.objects.filter(finished_at=None).exists():
        raise Conflict("正在对照，还没有结束", remedy="请等这一次结束，再开始新的。")
    survey = Survey.objects.create(compared_with=compared_with, by=by.ledger_name, started_at=at)
    record("analysis.begin_survey", survey, by=by, at=at)
    return survey


@transaction.atomic
def give_up_survey(survey: Survey, *, by: Actor, at: datetime) -> None:
    """Give up a survey whose task failed, so that another may begin."""
    authorize(by, Permission.AUTOMATIC, at=at)
    record("analysis.give_up_survey", survey, by=by, at=at)
    survey.delete()


@transaction.atomic
def finish_survey(survey: Survey, *, report: Progress = no_progress, by: Actor, at: datetime) -> Survey:
    """Make it of what is in force, compared with what was on the day asked for.

    Older ones beyond KEPT go.

    What it takes is loaded here: web processes, which only begin surveys, need not carry it.
    """
    authorize(by, Permission.AUTOMATIC, at=at)
    from banshi.analysis.catalogue_survey import overview
    from banshi.analysis.duplicates.coverage import references_from_database
    from banshi.analysis.duplicates.names import reader_of_the_place
    from banshi.analysis.duplicates.powers import cancellations_known
    from banshi.analysis.tables import items_on, tables_from_database

    report(0, 3, "正在读全部现行指南")
    tables = tables_from_database()
    report(1, 3, "正在和过去比")
    before = items_on(datetime.combine(survey.compared_with, time(), CHINA)) if survey.compared_with else None
    report(2, 3, "正在找循环、重复和不一致")
    paper = overview(
        tables,
        references_from_database(),
        cancellations_known(),
        owner=OWNER,
        on=localdate(at),
        before=before,
        reader=reader_of_the_place(),
    )
    survey.paper, survey.finished_at = {**asdict(paper), "on": paper.on.isoformat()}, at
    survey.save()
    old = Survey.objects.exclude(finished_at=None).values_list("pk", flat=True)[KEPT:]
    Survey.objects.filter(pk__in=list(old)).delete()
    record("analysis.finish_survey", survey, by=by, at=at, facts={"items": tables.items.num_rows})
    return survey
