"""Indicators of 效能评估 kept as data: formulas over measures, scores, and ranks among peers."""

import ast
import math
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, model_validator

from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.declarations import read_declaration
from banshi.feedback.policy import policy
from banshi.people.enums import DivisionLevel, OrganKind
from banshi.people.models import Organ
from banshi.supervision.measures import MonitoringMeasure, measures
from banshi.supervision.models import IndicatorStanding
from banshi.supervision.periods import Period

OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: dict[str, Callable[..., float]] = {"min": min, "max": max}
LONGEST = 300


Computation = Callable[[Mapping[str, int]], float]


class Formula:
    """An arithmetic expression over measures, checked node by node when it is read and never given to `eval`."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ValueError(f"公式超过{LONGEST}个字")
        try:
            tree = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ValueError(f"公式读不懂：{text}") from error
        self.names = set[str]()
        self._compute = self._compiled(tree)

    def _compiled(self, node: ast.AST) -> Computation:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                if not math.isfinite(number := float(value)):
                    raise ValueError(f"公式里的数太大：{ast.unparse(node)}")
                return lambda amounts: number
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                of = self._compiled(operand)
                return lambda amounts: -of(amounts)
            case ast.Name(id=name):
                self.names.add(name)
                return lambda amounts: float(amounts.get(name, 0))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
                act, one, other = OPERATIONS[type(op)], self._compiled(left), self._compiled(right)
                return lambda amounts: act(one(amounts), other(amounts))
            case ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[]) if name in FUNCTIONS:
                called, parts = FUNCTIONS[name], [self._compiled(each) for each in args]
                return lambda amounts: called(*(each(amounts) for each in parts))
            case _:
                raise ValueError(f"公式里不能写：{ast.unparse(node)}")

    def value(self, amounts: Mapping[str, int]) -> float | None:
        """Compute the formula.

        None where it divides by nought, or goes beyond all numbers.
        """
        try:
            value = self._compute(amounts)
        except ZeroDivisionError:
            return None
        return value if math.isfinite(value) else None


class Indicator(BaseModel):
    """A formula, and the values that score a hundred and nought. Fewer than `smallest` cases are told, not scored."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    label: str
    formula: str
    unit: str = ""
    cases: str
    smallest: int = Field(ge=1)
    private: bool = False
    """Whether it is of ratings, and not even told where fewer rated than may be shown."""
    full: float
    zero: float
    weight: int = Field(ge=1, le=100)
    levels: tuple[str, ...] = ()
    basis: str = "本平台建议"

    @model_validator(mode="after")
    def can_be_computed(self) -> "Indicator":
        if unknown := {*Formula(self.formula).names, self.cases} - set(measures()):
            raise ValueError(f"measures.toml 里没有：{'、'.join(sorted(unknown))}")
        if self.full == self.zero:
            raise ValueError("full 和 zero 不能一样")
        if unknown := set(self.levels) - set(DivisionLevel.labels):
            raise ValueError(f"没有这个层级：{'、'.join(sorted(unknown))}")
        return self

    @cached_property
    def read_formula(self) -> Formula:
        return Formula(self.formula)

    @property
    def in_words(self) -> str:
        """Write the formula by the labels of its measures."""
        words = {**{code: each.label for code, each in measures().items()}, "min": "取小", "max": "取大"}
        told = re.sub(r"[a-z_][a-z0-9_]*", lambda found: words.get(found[0], found[0]), self.formula)
        return told.replace("*", "×").replace("/", "÷")

    @property
    def scale(self) -> str:
        """Say what scores a hundred and what nought."""
        return f"{self.full:g}{self.unit}得100分，{self.zero:g}{self.unit}得0分"

    def score(self, value: float) -> float:
        """Reckon a value between nought and a hundred, by its place between `zero` and `full`."""
        return 100 * min(1.0, max(0.0, (value - self.zero) / (self.full - self.zero)))


class Assessment(BaseModel):
    """The indicators, and from which score on each grade is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    excellent: float
    good: float
    passing: float
    least_weight: int = Field(ge=1, le=100)
    """Per cent of the weights that apply to an organ which must be scored for it to be ranked and graded."""
    least_peers: int = Field(ge=1)
    """Organs of a tier with a score below which none of it is ranked and graded."""
    indicators: dict[str, Indicator]

    @property
    def measured(self) -> dict[str, MonitoringMeasure]:
        """List the measures the indicators are computed of."""
        names = {name for each in self.indicators.values() for name in (*each.read_formula.names, each.cases)}
        return {code: each for code, each in measures().items() if code in names}

    def grade(self, score: float) -> str:
        steps = ((self.excellent, "优秀"), (self.good, "良好"), (self.passing, "合格"))
        return next((word for least, word in steps if score >= least), "不合格")


def assessment() -> Assessment:
    return read_declaration(settings.MONITORING / "indicators.toml", Assessment, called="效能评估的指标")


SCORING = {"formula", "cases", "smallest", "private", "full", "zero", "weight", "levels"}
"""What of an indicator its scores come from. Its words may change, and the software may learn further elements, without a change of it."""


@transaction.atomic
def note_indicators(*, at: datetime) -> None:
    """Keep since when each indicator is as it is, so that months before it are told to be looked at afterwards."""
    kept = dict(IndicatorStanding.objects.values_list("code", "digest"))
    for code, each in assessment().indicators.items():
        written = each.model_dump_json(include=SCORING, exclude_defaults=True)
        if kept.get(code) != (now := digest(written.encode())):
            told = {"digest": now, "known_at": at if kept else None}
            IndicatorStanding.objects.update_or_create(code=code, defaults=told)


def retrospective(period: Period) -> dict[str, date]:
    """Find the indicators that were added or changed after the period had begun, with the day."""
    known = IndicatorStanding.objects.exclude(known_at=None).values_list("code", "known_at")
    return {code: day_of(at) for code, at in known if at and day_of(at) > period.first}


FEW_CASES, LITTLE_KNOWN, FEW_PEERS = "样本少", "数据不足，不排名", "同类单位少，不排名"
FEW_RATERS = "评价的人太少"


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """One indicator of one organ. `score` is None where there is no value or too few cases."""

    value: float | None
    cases: int
    score: float | None
    why_none: str = ""

    @property
    def is_small(self) -> bool:
        return self.value is not None and self.score is None


@dataclass(slots=True)
class Assessed:
    """An organ with its figures by indicator, its weighted score, and its rank among its peers."""

    organ: Organ
    figures: dict[str, IndicatorFigure]
    score: float | None
    grade: str
    rank: int | None = None

    @property
    def cells(self) -> list[tuple[Indicator, IndicatorFigure]]:
        """List every indicator with its figure, without a value where it is not asked of such organs."""
        none = IndicatorFigure(None, 0, None)
        return [(each, self.figures.get(code, none)) for code, each in assessment().indicators.items()]


def tier_of(organ: Organ) -> str:
    """Name whom an organ is compared with: the level of its division, and its kind."""
    return f"{DivisionLevel(organ.division.level).label} · {OrganKind(organ.kind).label}"


def assess(
    organs: Iterable[Organ], amounts: Mapping[int, Mapping[str, int]], *, few: Collection[int] = ()
) -> dict[str, list[Assessed]]:
    """Rank organs among their peers by the measures of a period, the best first, without the ratings of those of `few` raters.

    Those with nothing to count are left out.
    """
    rules, tiers = assessment(), defaultdict[str, list[Assessed]](list)
    for organ in organs:
        if any(amounts.get(organ.pk, {}).values()):
            tiers[tier_of(organ)].append(_assessed(organ, amounts[organ.pk], rules, organ.pk in few))
    for peers in tiers.values():
        scored = [each for each in peers if each.score is not None]
        if len(scored) < rules.least_peers:
            for each in scored:
                each.grade = FEW_PEERS
            peers.sort(key=lambda each: each.organ.pk)
            continue
        peers.sort(key=lambda each: (each.score is None, -(each.score or 0), each.organ.pk))
        ranked = [each for each in peers if each.score is not None]
        for place, each in enumerate(ranked, 1):
            same = place > 1 and ranked[place - 2].score == each.score
            each.rank = ranked[place - 2].rank if same else place
    return dict(sorted(tiers.items()))


def assessed_alone(organ: Organ, amounts: Mapping[str, int], *, few: bool) -> Assessed | None:
    """Compute the score of an organ by itself, without its peers, or None where there is nothing to count."""
    return _assessed(organ, amounts, assessment(), few) if any(amounts.values()) else None


def _assessed(organ: Organ, amounts: Mapping[str, int], rules: Assessment, few: bool) -> Assessed:
    figures, total, weights, whole = {}, 0.0, 0, 0
    labels, least = measures(), policy().rating.least_shown
    level = DivisionLevel(organ.division.level).label
    for code, each in rules.indicators.items():
        if each.levels and level not in each.levels:
            continue
        whole += each.weight
        value, cases = each.read_formula.value(amounts), amounts.get(each.cases, 0)
        why = "" if cases else f"没有{labels[each.cases].label}"
        if each.private and cases and (few or cases < least):
            value, why = None, FEW_RATERS
        elif value is None:
            why = why or "除数是0，算不出"
        score = each.score(value) if value is not None and cases >= each.smallest else None
        figures[code] = IndicatorFigure(None if value is None else round(value, 2), cases, score, why)
        if score is not None:
            total, weights = total + each.weight * score, weights + each.weight
    if not weights or 100 * weights < rules.least_weight * whole:
        return Assessed(organ, figures, None, LITTLE_KNOWN if weights else FEW_CASES)
    score = round(total / weights, 1)
    return Assessed(organ, figures, score, rules.grade(score))
