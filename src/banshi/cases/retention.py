"""Retention of personal data in cases, as officials keep it in data/retention.toml: shown first, deleted when confirmed."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.cases.enums import ActKind, PromiseKind
from banshi.cases.models import Case, CaseAct, FetchedMaterial, Promise
from banshi.cases.signals import drafts_discarded
from banshi.catalog.enums import ItemKind
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput
from banshi.core.models import StoredFile
from banshi.core.validation_errors import in_words
from banshi.files import drop, unnamed
from banshi.ledger import Actor
from banshi.workflow.definition import workflow

AT_ONCE = 1_000
"""Cases that are shown, and deleted, at once."""


class RetentionRule(BaseModel):
    """Days after its end that a case in one of the states, or another `matter`, keeps what is personal, and why so long."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    label: str
    states: tuple[str, ...] = ()
    matter: str = ""
    days: int = Field(ge=1, le=36_500)
    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A matter still open that needs what is personal in a case, however long ago the case ended."""

    label: str
    of: Callable[[date], Q]


@dataclass(frozen=True, slots=True)
class KeptMatter:
    """A matter beside cases that keeps personal data: rows ended before a moment, and how they are told and forgotten.

    `told` answers with a name, what it was about, whose it was and when it ended; `forget` with the files it lets go.
    """

    ended: Callable[[datetime], QuerySet[Any]]
    told: Callable[[Any], tuple[str, str, str, date]]
    forget: Callable[[Sequence[Any]], set[int]]
    holds: tuple[Hold, ...] = ()


_holds: list[Hold] = []
_matters: dict[str, KeptMatter] = {}


def register_hold(label: str, of: Callable[[date], Q]) -> None:
    """Register what keeps cases from deletion, by a condition on them for a day."""
    _holds.append(Hold(label, of))


def register_matter(code: str, matter: KeptMatter) -> None:
    """Register what a rule of data/retention.toml may name as its matter."""
    _matters[code] = matter


def matter_of(rule: RetentionRule) -> KeptMatter | None:
    return _matters.get(rule.matter)


@dataclass(frozen=True, slots=True)
class DueContents:
    """A rule and what it would delete now: how many cases, the oldest of them, and how many are held by what."""

    rule: RetentionRule
    count: int
    listed: QuerySet[Any]
    held: Sequence[tuple[str, int]]

    @property
    def shown(self) -> str:
        return digest_of(self.listed)

    @property
    def rows(self) -> list[tuple[str, str, str, date]]:
        """Name each that is listed, what it was about, whose it was and when it ended."""
        told = matter.told if (matter := matter_of(self.rule)) else _of_case
        return [told(each) for each in self.listed]


def _of_case(case: Case) -> tuple[str, str, str, date]:
    assert case.ended_at is not None
    return case.number, case.item.name, case.organ.name, day_of(case.ended_at)


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
    either = {each.code for each in rules if bool(each.states) == bool(each.matter)}
    if wrong := either | {each.code for each in rules if each.matter not in {"", *_matters}}:
        known = "、".join(sorted(_matters))
        raise BadInput(f"要么写states，要么写matter（{known}）：{'、'.join(sorted(wrong))}", where=path.name)
    return rules


def contents_due(rule: RetentionRule, *, at: datetime) -> QuerySet[Any]:
    """List the cases, or rows of the rule's matter, whose time is over and that nothing holds, oldest first."""
    ended = _ended(rule, at)
    for each in _holds_of(rule):
        ended = ended.exclude(each.of(day_of(at)))
    return ended


def _ended(rule: RetentionRule, at: datetime) -> QuerySet[Any]:
    before = at - timedelta(days=rule.days)
    if matter := matter_of(rule):
        return matter.ended(before)
    ended = Case.objects.filter(state__in=rule.states, ended_at__lt=before, contents_deleted_at=None)
    return ended.select_related("item", "organ", "application").order_by("ended_at", "id")


def _holds_of(rule: RetentionRule) -> Sequence[Hold]:
    return matter.holds if (matter := matter_of(rule)) else _holds


def digest_of(rows: Iterable[Any]) -> str:
    """Name rows, so that those deleted are those shown."""
    return digest(",".join(str(each.pk) for each in rows).encode())


def deletion_plan(*, at: datetime) -> Iterator[DueContents]:
    """Tell for each rule what it would delete now, deleting nothing."""
    for rule in retention_rules():
        yield deletion_due(rule, at=at)


def deletion_due(rule: RetentionRule, *, at: datetime) -> DueContents:
    """Tell what a rule would delete now, the first `AT_ONCE` by name, and what is held."""
    due, ended = contents_due(rule, at=at), _ended(rule, at)
    held = ((each.label, ended.filter(each.of(day_of(at))).count()) for each in _holds_of(rule))
    return DueContents(rule, due.count(), due[:AT_ONCE], [each for each in held if each[1]])


def forget_beside(drafts: Sequence[Any], *, reason: str, by: Actor, at: datetime) -> None:
    """Delete what stands beside drafts of one model that are being discarded, as part of that act."""
    files: set[int] = set()
    if drafts:
        for _, let_go in drafts_discarded.send(type(drafts[0]), drafts=drafts):
            files |= set(map(int, let_go or ()))
    drop(unnamed(StoredFile.objects.filter(pk__in=files, public=False)), reason=reason, by=by, at=at)


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
