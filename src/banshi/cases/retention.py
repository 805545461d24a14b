"""Retention of personal data in cases, as officials keep it in data/retention.toml: shown first, deleted when confirmed."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Min, QuerySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.cases.models import Case
from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words
from banshi.workflow.definition import workflow


class RetentionRule(BaseModel):
    """Days after its end that a case in one of the states keeps what is personal in it, and why so long."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    label: str
    states: tuple[str, ...]
    days: int = Field(ge=1, le=36_500)
    why: str


@dataclass(frozen=True, slots=True)
class DueContents:
    """A rule and what it would delete now: how many cases, the oldest from when."""

    rule: RetentionRule
    count: int
    oldest: datetime | None


def retention_rules() -> tuple[RetentionRule, ...]:
    return _read(Path(settings.CASE_RETENTION))


@cache
def _read(path: Path) -> tuple[RetentionRule, ...]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = tuple(RetentionRule.model_validate(each) for each in told["rules"])
    except (OSError, KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"保存期限读不懂：{in_words(error)}", where=path.name, remedy="请按文件里的说明改正。"
        ) from error
    final = {code for code, state in workflow("case").states.items() if state.final}
    if unknown := {state for rule in rules for state in rule.states} - final:
        raise BadInput(f"没有这样的办结状态：{'、'.join(sorted(unknown))}", where=path.name)
    return rules


def contents_due(rule: RetentionRule, *, at: datetime) -> QuerySet[Case]:
    """List the cases whose time is over, oldest first."""
    ended = Case.objects.filter(state__in=rule.states, ended_at__lt=at - timedelta(days=rule.days))
    return ended.filter(contents_deleted_at=None).order_by("ended_at", "id")


def deletion_plan(*, at: datetime) -> Iterator[DueContents]:
    """Tell for each rule what it would delete now, deleting nothing."""
    for rule in retention_rules():
        due = contents_due(rule, at=at)
        yield DueContents(rule, due.count(), due.aggregate(oldest=Min("ended_at"))["oldest"])
