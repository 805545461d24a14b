"""The plan of a campaign as data: `data/campaigns/*.toml`, or one written by a city. Checked when read, with the
reason.

No dates and no names of organs stand in it: these are rows, which people change in the site.
"""

import tomllib
from collections import Counter
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from banshi.campaigns.enums import BodyRole, PhaseKind
from banshi.core.errors import BadInput, Problem
from banshi.people.enums import DivisionLevel, OrganKind

BY_BATCH = (PhaseKind.REPORT, PhaseKind.REVIEW)
"""Phases each batch has for itself; the others are held for all at once."""


class PlanPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(PlanPart):
    """清理范围: which units, and which of their items (none named: all)."""

    levels: tuple[DivisionLevel, ...] = tuple(DivisionLevel)
    kinds: tuple[OrganKind, ...] = tuple(OrganKind)
    categories: tuple[str, ...] = ()


class Batch(PlanPart):
    """A batch (批次) of units that have the same dates. `ahead` are working days before the last batch."""

    code: str
    label: str
    levels: tuple[DivisionLevel, ...]
    ahead: int = Field(default=0, ge=0, le=250)


class Criterion(PlanPart):
    """审核标准: one question each body answers about an item."""

    code: str
    label: str
    question: str


class Body(PlanPart):
    """审核单位: for units of which kinds (none named: all), and by which criteria (none named: all)."""

    code: str
    label: str
    role: BodyRole
    kinds: tuple[OrganKind, ...] = ()
    criteria: tuple[str, ...] = ()


class Phase(PlanPart):
    """阶段: `days` working days. Reports and reviews have a round. A review answers the report of its round."""

    code: str
    label: str
    kind: PhaseKind
    days: int = Field(ge=1, le=250)
    round: int = Field(default=0, ge=0, le=9)
    task: str = ""

    @property
    def by_batch(self) -> bool:
        return self.kind in BY_BATCH


class Plan(PlanPart):
    """方案.

    `findings`: must what the rule book calls 必改 be answered before reporting. `copies`: how many on paper. `remind`:
    how many working days before a stage's last day those who are behind are reminded, 0: not at all.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    label: str
    version: int = 1
    source: str = ""
    purpose: str = ""
    findings: bool = True
    copies: int = Field(default=4, ge=0, le=20)
    remind: int = Field(default=3, ge=0, le=30)
    scope: Scope = Scope()
    batches: tuple[Batch, ...] = Field(min_length=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    bodies: tuple[Body, ...] = Field(min_length=1)
    phases: tuple[Phase, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def holds_together(self) -> "Plan":
        groups: dict[str, tuple[Any, ...]] = {
            "阶段": self.phases,
            "批次": self.batches,
            "审核单位": self.bodies,
            "审核标准": self.criteria,
        }
        counted = {label: Counter(each.code for each in group) for label, group in groups.items()}
        repeated = [
            f"{label}的代码重复：{code}" for label, codes in counted.items() for code, n in codes.items() if n > 1
        ]
        wrong = []
        for level in self.scope.levels:
            batches = [each.label for each in self.batches if level in each.levels]
            if len(batches) != 1:
                wrong.append(f"“{level.label}”应当正好属于一个批次，现在属于{len(batches)}个")
        wrong = [*repeated, *_wrong_bodies(self), *wrong, *_wrong_phases(self)]
        if wrong:
            raise ValueError("；".join(wrong))
        return self

    @cached_property
    def rounds(self) -> int:
        return max(phase.round for phase in self.phases)

    def phase(self, code: str) -> Phase:
        return next(each for each in self.phases if each.code == code)

    def has(self, kind: PhaseKind) -> bool:
        return any(each.kind == kind for each in self.phases)

    def body(self, code: str) -> Body:
        return next(each for each in self.bodies if each.code == code)

    def bodies_for(self, kind: str) -> list[Body]:
        """List the reviewers of units of a kind, the lead first."""
        asked = [each for each in self.bodies if each.role in (BodyRole.LEAD, BodyRole.JOINT) and _covers(each, kind)]
        return sorted(asked, key=lambda each: each.role != BodyRole.LEAD)

    def criteria_of(self, body: Body) -> list[Criterion]:
        return [each for each in self.criteria if not body.criteria or each.code in body.criteria]

    def batch_of(self, level: int) -> Batch | None:
        return next((each for each in self.batches if level in each.levels), None)


def _covers(body: Body, kind: str) -> bool:
    return not body.kinds or kind in body.kinds


def _wrong_bodies(plan: Plan) -> list[str]:
    known = {each.code for each in plan.criteria}
    wrong = [f"“{b.label}”的审核标准没有定义：{code}" for b in plan.bodies for code in b.criteria if code not in known]
    for kind in plan.scope.kinds:
        leads = [each.label for each in plan.bodies if each.role == BodyRole.LEAD and _covers(each, kind)]
        if len(leads) != 1:
            found = f"有{len(leads)}个：{'、'.join(leads)}" if leads else "没有"
            wrong.append(f"“{kind.label}”应当正好有一个牵头审核单位，现在{found}")
    return wrong


def _wrong_phases(plan: Plan) -> list[str]:
    kinds = [each.kind for each in plan.phases]
    wrong = [f"阶段“{each.label}”要写第几轮" for each in plan.phases if each.by_batch and not each.round]
    if kinds[-1] != PhaseKind.PUBLISH or PhaseKind.DECIDE not in kinds:
        wrong.append("最后的阶段应当是“公布实施”，它之前要有“审定”：没有审定的不能公布")
    wrong += [f"“{kind.label}”只能有一个阶段" for kind, n in Counter(kinds).items() if n > 1 and kind not in BY_BATCH]
    if PhaseKind.DECIDE in kinds and kinds.index(PhaseKind.DECIDE) < max(
        (place for place, kind in enumerate(kinds) if kind in BY_BATCH), default=0
    ):
        wrong.append("“审定”应当在各轮审核之后")
    # Round by round: reported (in one phase or several), then reviewed.
    steps = [(each.round, each.kind == PhaseKind.REVIEW) for each in plan.phases if each.by_batch]
    if not steps or steps[0] != (1, False):
        return [*wrong, "第一轮要先上报，再审核"]
    if steps[-1][1] and all(b in (a, (a[0], True)) or (a[1] and b == (a[0] + 1, False)) for a, b in pairwise(steps)):
        return wrong
    return [*wrong, "每一轮都要先上报、后审核，轮次一个接一个，最后以审核结束"]


def read_plan(data: dict[str, Any] | str, where: str = "") -> Plan:
    """Return a plan from parsed data, or from TOML text. BadInput says what is wrong with it, and where."""
    try:
        return Plan.model_validate(tomllib.loads(data) if isinstance(data, str) else data)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f"方案文件的写法有误：{error}", where=where, remedy="请对照 data/campaigns 里的方案改正。"
        ) from error
    except ValidationError as error:
        problems = [
            Problem(
                WORDS.get(each["msg"], each["msg"].removeprefix("Value error, ")),
                where=" → ".join(str(part) for part in each["loc"]),
                severity="error",
            )
            for each in error.errors()
        ]
        raise BadInput("方案有误，没有采用", problems, where=where, remedy="请按下面各条改正后再试。") from error


WORDS = {
    "Extra inputs are not permitted": "没有这一项，可能写错了名字",
    "Field required": "缺少这一项",
}


def plan_codes() -> list[str]:
    return sorted(path.stem for path in (settings.DATA / "campaigns").glob("*.toml"))


def plan_named(code: str) -> Plan:
    path: Path = settings.DATA / "campaigns" / f"{code}.toml"
    return read_plan(path.read_text(encoding="utf-8"), path.name)


def shipped_plans() -> list[Plan]:
    return [plan_named(code) for code in plan_codes()]
