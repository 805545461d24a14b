"""Retention of personal data in cases, as officials keep it in data/retention.toml: shown first, deleted when confirmed."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.cases.enums import ActKind, PromiseKind
from banshi.cases.models import Case, CaseAct, FetchedMaterial, Promise
from banshi.catalog.enums import ItemKind
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words
from banshi.workflow.definition import workflow

AT_ONCE = 1_000
"""Cases that are shown, and deleted, at once."""


class RetentionRule(BaseModel):
    """Days after its end that a case in one of the states keeps what is personal in it, and why so long."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    label: str
    states: tuple[str, ...]
    days: int = Field(ge=1, le=36_500)
    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A matter still open that needs what is personal in a case, however long ago the case ended."""

    label: str
    of: Callable[[date], Q]


_holds: list[Hold] = []


def register_hold(label: str, of: Callable[[date], Q]) -> None:
    """Register what keeps cases from deletion, by a condition on them for a day."""
    _holds.append(Hold(label, of))


@dataclass(frozen=True, slots=True)
class DueContents:
    """A rule and what it would delete now: how many cases, the oldest of them, and how many are held by what."""

    rule: RetentionRule
    count: int
    listed: QuerySet[Case]
    held: Sequence[tuple[str, int]]

    @property
    def shown(self) -> str:
        return digest_of(self.listed)


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
    """List the cases whose time is over and that nothing holds, oldest first."""
    ended = _ended(rule, at)
    for each in _holds:
        ended = ended.exclude(each.of(day_of(at)))
    return ended.order_by("ended_at", "id")


def _ended(rule: RetentionRule, at: datetime) -> QuerySet[Case]:
    ended = Case.objects.filter(state__in=rule.states, ended_at__lt=at - timedelta(days=rule.days))
    return ended.filter(contents_deleted_at=None)


def digest_of(cases: Iterable[Case]) -> str:
    """Name cases, so that those deleted are those shown."""
    return digest(",".join(str(each.pk) for each in cases).encode())


def deletion_plan(*, at: datetime) -> Iterator[DueContents]:
    """Tell for each rule what it would delete now, deleting nothing."""
    for rule in retention_rules():
        yield deletion_due(rule, at=at)


def deletion_due(rule: RetentionRule, *, at: datetime) -> DueContents:
    """Tell what a rule would delete now, the first `AT_ONCE` by name, and what is held."""
    due, ended = contents_due(rule, at=at), _ended(rule, at)
    held = ((each.label, ended.filter(each.of(day_of(at))).count()) for each in _holds)
    listed = due.select_related("item", "organ")[:AT_ONCE]
    return DueContents(rule, due.count(), listed, [each for each in held if each[1]])


def _promised(_: date) -> Q:
    """Hold for papers that come later and commitments drawn to be checked, of what was granted."""
    waited = Promise.objects.filter(application=OuterRef("application"), ending="", agreed_at__isnull=False)
    waited = waited.filter(Q(kind=PromiseKind.DEFERRAL) | Q(drawn_at__isnull=False))
    return Q(Exists(waited), outcome__granted=True, outcome__revoked_at=None)


def _in_force(on: date) -> Q:
    """Hold for results valid on a day, and licences given for no limited time."""
    unlimited = Q(outcome__valid_until=None, item__kind=ItemKind.LICENCE)
    return Q(unlimited | Q(outcome__valid_until__gte=on), outcome__granted=True, outcome__revoked_at=None)


def _disputed(_: date) -> Q:
    """Hold for values and shared records said to be wrong that nobody has answered for."""
    fetched = FetchedMaterial.objects.filter(case=OuterRef("pk"), call__corrections__result="")
    answered = CaseAct.objects.filter(case=OuterRef("case"), kind=ActKind.ANSWER_DISPUTE, id__gt=OuterRef("id"))
    asked = CaseAct.objects.filter(~Exists(answered), case=OuterRef("pk"), kind=ActKind.DISPUTE)
    return Q(Exists(asked)) | Q(Exists(fetched))


register_hold("容缺或承诺没有了结", _promised)
register_hold("结果还有效", _in_force)
register_hold("更正申请没有答复", _disputed)
