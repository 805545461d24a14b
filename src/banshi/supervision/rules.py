"""Monitoring rules kept as data in data/monitoring, loaded once and checked when loaded."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from banshi.core.crypto import digest
from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words
from banshi.events.kinds import KINDS
from banshi.events.models import Event

Values = str | int | list[str] | list[int]


@dataclass(frozen=True, slots=True)
class Met:
    """An event in which a rule found something."""

    event: Event
    level: str


Check = Callable[[Sequence[Event]], Iterable[Event]]
CHECKS: dict[str, tuple[tuple[str, ...], Check]] = {}
"""Rules that data can't say, by name, with the kinds of events they are asked about."""


def check(name: str, *kinds: str) -> Callable[[Check], Check]:
    """Register a check that returns those of some events in which it finds something."""

    def keep(asked: Check) -> Check:
        CHECKS[name] = (kinds, asked)
        return asked

    return keep


class MonitoringRule(BaseModel):
    """A rule over events, over clocks, or by a check of its own.

    `yellow` and `red` tell at which occurrence in a subject, nought for never. What a yellow finding says, and its ground, may differ
    from a red one's; `orders` names the levels that may be ordered (督办), others are reminded of (提醒).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = ""
    label: str
    basis: str = Field(min_length=1)
    yellow_label: str = ""
    yellow_basis: str = ""
    orders: tuple[Literal["yellow", "red"], ...] = ("red",)
    event: str = ""
    where: dict[str, Values] = {}
    clock: Literal["", "case", "step", "promise", "stop", "order", "fault"] = ""
    kinds: tuple[str, ...] = ()
    check: str = ""
    yellow: int = Field(default=0, ge=0)
    red: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def is_asked_in_one_way(self) -> "MonitoringRule":
        if sum(map(bool, (self.event, self.clock, self.check))) != 1:
            raise ValueError("event、clock、check 要写一样，只写一样")
        if not self.yellow and not self.red:
            raise ValueError("yellow 和 red 至少写一样")
        if self.clock and self.yellow and not (self.yellow_label and self.yellow_basis):
            raise ValueError("快到期还没有过期：算黄的期限要写 yellow_label、yellow_basis")
        if self.event and self.event not in KINDS:
            raise ValueError(f"没有这种事件：{self.event}")
        if self.event and (unknown := set(self.where) - set(KINDS[self.event].data.model_fields)):
            raise ValueError(f"这种事件里没有：{'、'.join(sorted(unknown))}")
        if self.check and self.check not in CHECKS:
            raise ValueError(f"没有这种检查：{self.check}")
        return self

    @property
    def digest(self) -> str:
        return digest(self.model_dump_json().encode())

    @property
    def event_kinds(self) -> tuple[str, ...]:
        return CHECKS[self.check][0] if self.check else (self.event,) if self.event else ()

    def label_at(self, level: str) -> str:
        """Say what a finding of this level is."""
        return self.yellow_label if level == "yellow" and self.yellow_label else self.label

    def basis_at(self, level: str) -> str:
        return self.yellow_basis if level == "yellow" and self.yellow_basis else self.basis

    def level_at(self, occurrence: int) -> str:
        """Return the level of the n-th occurrence, or ""."""
        if self.red and occurrence >= self.red:
            return "red"
        return "yellow" if self.yellow and occurrence >= self.yellow else ""

    def matches(self, event: Event) -> bool:
        return event.kind == self.event and all(
            event.data.get(name) in (wanted if isinstance(wanted, list) else [wanted])
            for name, wanted in self.where.items()
        )

    def examine(self, events: Sequence[Event]) -> Iterator[Met]:
        """Yield the events in which the rule finds something, whatever order they come in and however often."""
        if self.check:
            asked = [each for each in events if each.kind in self.event_kinds]
            yield from (Met(each, self.level_at(1)) for each in CHECKS[self.check][1](asked))
            return
        candidates = [each for each in events if self.matches(each)]
        if max(self.yellow, self.red) <= 1:
            yield from (Met(each, self.level_at(1)) for each in candidates)
            return
        for each, occurrence in self._numbered(candidates):
            if level := self.level_at(occurrence):
                yield Met(each, level)

    def _numbered(self, candidates: Sequence[Event]) -> Iterator[tuple[Event, int]]:
        """Count for each candidate the matching events of its subject up to it, in the order of the log."""
        # By the index of subjects, and judged by the database: what is counted may be most of what ever happened.
        kinds, keys = {each.subject_type for each in candidates}, {each.subject_id for each in candidates}
        told = {f"data__{name}__in": each if isinstance(each, list) else [each] for name, each in self.where.items()}
        alike = Event.objects.filter(kind=self.event, subject_type__in=kinds, subject_id__in=keys, **told)
        numbers: dict[tuple[str, int], list[int]] = {}
        for kind, key, number in alike.filter(number__isnull=False).values_list("subject_type", "subject_id", "number"):
            numbers.setdefault((kind, key), []).append(number or 0)
        for each in candidates:
            before = numbers.get((each.subject_type, each.subject_id), [])
            yield each, sum(number <= (each.number or 0) for number in before)


def monitoring_rules() -> dict[str, MonitoringRule]:
    return _read(Path(settings.MONITORING) / "rules.toml")


def label_of_finding(rule: str, level: str) -> str:
    """Say what a finding is by its rule and level, by the rule's code where the file has it no more."""
    found = monitoring_rules().get(rule)
    return found.label_at(level) if found else rule


def by_event(rules: Iterable[MonitoringRule]) -> list[MonitoringRule]:
    return [each for each in rules if not each.clock]


@cache
def _read(path: Path) -> dict[str, MonitoringRule]:
    return read_rules(path)


def read_rules(path: Path) -> dict[str, MonitoringRule]:
    try:
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        made = {code: {**each, "code": code} for code, each in told.items()}
        return TypeAdapter(dict[str, MonitoringRule]).validate_json(json.dumps(made))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"监察规则读不懂：{in_words(error)}", where=path.name, remedy="请按文件开头的说明改正。"
        ) from error
