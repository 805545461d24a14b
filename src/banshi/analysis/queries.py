"""Reads of surveys."""

import msgspec

from banshi.analysis.models import Survey
from banshi.analysis.statement_document import Statement


def latest_survey() -> Survey | None:
    return Survey.objects.exclude(finished_at=None).first()


def running_survey() -> Survey | None:
    return Survey.objects.filter(finished_at=None).first()


def paper_of(survey: Survey) -> Statement:
    return msgspec.convert(survey.paper, Statement)
