"""Unusual use of shared data, found in the call log by rules that officials keep in data/exchange/anomalies.toml."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from banshi.core.clock import CHINA
from banshi.core.declarations import read_declaration
from banshi.exchange.enums import CallOutcome
from banshi.exchange.models import CallRecord
from banshi.exchange.purposes import AGENT, COMPANY
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry

WITHOUT_ANSWER = (CallOutcome.NONE, CallOutcome.MISMATCH)
READ = ("number", "at", "clerk", "clerk_name", "organ_id", "purpose", "person_index", "person_role", "outcome")
ROWS_AT_ONCE = 2000
LOOKS = ("cases.look", "cases.fetch_shared")
"""Acts on a case that only read, and are no work on it."""
RELEASED = "cases.release"
CLAIMED_AND_RELEASED = {"cases.claim", RELEASED}


class AnomalyKind(StrEnum):
    CASES_WITHOUT_WORK = "cases_without_work"
    AT_HOURS = "at_hours"
    ONE_PERSON = "one_person"
    ONE_FAMILY = "one_family"
    RUN_WITHOUT_ANSWER = "run_without_answer"


class AnomalyRule(BaseModel):
    """A threshold over the calls of one clerk in so many days."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = Field(pattern=r"^[a-z_]{1,30}$")
    label: str = Field(min_length=1, max_length=60)
    kind: AnomalyKind
    days: int = Field(ge=1, le=366)
    least: int = Field(ge=1)
    begins: int = Field(0, ge=0, le=23)
    ends: int = Field(0, ge=0, le=23)
    words: str = Field(min_length=1, max_length=300)

    @property
    def hours(self) -> str:
        return f"{self.begins}点到{'第二天' if self.ends <= self.begins else ''}{self.ends}点"


class _AnomalyRules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    rules: tuple[AnomalyRule, ...]


def anomaly_rules() -> tuple[AnomalyRule, ...]:
    path = Path(settings.EXCHANGE_POLICY).with_name("anomalies.toml")
    return read_declaration(path, _AnomalyRules, called="调用异常的规则").rules


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A call as the rules see it."""

    number: int
    at: datetime
    clerk: str
    clerk_name: str
    organ_id: int
    purpose: str
    person_index: str
    person_role: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Calls of one clerk that meet a rule. `about` tells apart the persons or families of one rule."""

    rule: AnomalyRule
    about: str
    calls: tuple[LoggedCall, ...]

    @property
    def words(self) -> str:
        cases = len({each.purpose for each in self.calls})
        told = {"clerk": self.calls[-1].clerk_name, "days": self.rule.days, "hours": self.rule.hours}
        return self.rule.words.format(**told, count=len(self.calls), cases=cases)


def suspicions(*, at: datetime) -> Iterator[Suspicion]:
    """Try every rule on the calls of its days, clerk by clerk."""
    for rule in anomaly_rules():
        since = at - timedelta(days=rule.days)
        rows = (
            CallRecord.objects.filter(at__gte=since, at__lt=at)
            .exclude(clerk__startswith=System.PREFIX)
            .order_by("number")
            .values_list(*READ)
        )
        of_clerk: dict[str, list[LoggedCall]] = defaultdict(list)
        for row in rows.iterator(ROWS_AT_ONCE):
            of_clerk[row[2]].append(LoggedCall(*row))
        for calls in of_clerk.values():
            for about, some in KINDS[rule.kind](rule, calls):
                if len(some) >= rule.least:
                    yield Suspicion(rule, about, tuple(some))


Found = Iterable[tuple[str, list[LoggedCall]]]


def _cases_without_work(rule: AnomalyRule, calls: list[LoggedCall]) -> Found:
    """Take one call of each matter in which the ledger names no work of this clerk, where it knows them."""
    if not calls[0].clerk.startswith("user:"):
        return
    purposes = {each.purpose for each in calls}
    entries = LedgerEntry.objects.filter(actor=calls[0].clerk, subject__in=purposes).exclude(action__in=LOOKS)
    did: dict[str, set[str]] = defaultdict(set)
    for subject, action in entries.values_list("subject", "action").distinct():
        did[subject].add(action)
    idle = {each for each in purposes if not did[each] or RELEASED in did[each] <= CLAIMED_AND_RELEASED}
    yield "", list({each.purpose: each for each in calls if each.purpose in idle}.values())


def _at_hours(rule: AnomalyRule, calls: list[LoggedCall]) -> Found:
    def within(hour: int) -> bool:
        if rule.begins < rule.ends:
            return rule.begins <= hour < rule.ends
        return hour >= rule.begins or hour < rule.ends

    yield "", [each for each in calls if within(each.at.astimezone(CHINA).hour)]


def _one_person(rule: AnomalyRule, calls: list[LoggedCall]) -> Found:
    return _grouped(calls, {each.person_index: each.person_index for each in calls})


def _one_family(rule: AnomalyRule, calls: list[LoggedCall]) -> Found:
    """Take for a family those who were asked about in the same matter, but for who only acts for others there."""
    import networkx as nx  # loaded by whoever looks for families only

    kin = [each for each in calls if each.person_index and each.person_role not in (AGENT, COMPANY)]
    named = nx.Graph((each.purpose, f"person:{each.person_index}") for each in kin)
    family: dict[str, str] = {}
    for together in nx.connected_components(named):
        persons = sorted(each.removeprefix("person:") for each in together if each.startswith("person:"))
        family |= dict.fromkeys(persons, persons[0] if len(persons) > 1 else "")
    return _grouped(calls, family)


def _run_without_answer(rule: AnomalyRule, calls: list[LoggedCall]) -> Found:
    """Take the longest run."""
    run: list[LoggedCall] = []
    longest: list[LoggedCall] = []
    for each in calls:
        run = [*run, each] if each.outcome in WITHOUT_ANSWER else []
        longest = run if len(run) > len(longest) else longest
    yield "", longest


def _grouped(calls: list[LoggedCall], about: dict[str, str]) -> Found:
    """Group calls by whom they are about, but for those a source did not answer, which are tried again and again."""
    groups: dict[str, list[LoggedCall]] = defaultdict(list)
    for each in calls:
        if each.outcome != CallOutcome.FAILED and (key := about.get(each.person_index)):
            groups[key].append(each)
    return groups.items()


KINDS: dict[AnomalyKind, Callable[[AnomalyRule, list[LoggedCall]], Found]] = {
    AnomalyKind.CASES_WITHOUT_WORK: _cases_without_work,
    AnomalyKind.AT_HOURS: _at_hours,
    AnomalyKind.ONE_PERSON: _one_person,
    AnomalyKind.ONE_FAMILY: _one_family,
    AnomalyKind.RUN_WITHOUT_ANSWER: _run_without_answer,
}
