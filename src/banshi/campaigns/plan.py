"""The plan of a campaign as data: `data/campaigns/*.toml`, or one written by a city. Checked when read, with the
reason.

No dates and no names of organs stand in it: these are rows, which people change in the site.
"""

import tomllib
from collections import Counter
from dataclasses import replace
from functools import cached_property
from itertools import pairwise, product
from pathlib import Path
from typing import Annotated, Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from banshi.campaigns.enums import BodyRole, DayCount, PhaseKind, ReportedList
from banshi.core.errors import BadInput
from banshi.core.text_decoding import decode_text, undecoded
from banshi.core.validation_errors import problems_of, toml_sentence
from banshi.people.enums import DivisionLevel, OrganKind

BY_BATCH = (PhaseKind.REPORT, PhaseKind.REVIEW)
"""Phases each batch has for itself; the others are held for all at once."""


Code = Annotated[str, Field(min_length=1, max_length=40)]
Label = Annotated[str, Field(min_length=1, max_length=60)]


class PlanPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(PlanPart):
    """清理范围: which units, and which of their items (none named: all)."""

    levels: tuple[DivisionLevel, ...] = tuple(DivisionLevel)
    kinds: tuple[OrganKind, ...] = tuple(OrganKind)
    categories: tuple[str, ...] = ()


class Batch(PlanPart):
    """A batch (批次) of units that have the same dates. `ahead` are days before the last batch."""

    code: Code
    label: Label
    levels: tuple[DivisionLevel, ...]
    ahead: int = Field(default=0, ge=0, le=250)


class Criterion(PlanPart):
    """审核标准: one question each body answers about an item. `yes` and `no` are the answers in words."""

    code: Code
    label: Label
    question: str
    yes: str = "符合"
    no: str = "不符合"

    def in_words(self, agrees: bool) -> str:
        return self.yes if agrees else self.no


class Body(PlanPart):
    """审核单位: for units of which kinds and levels (none named: all), and by which criteria (none named: all).

    `each` makes it one body for every division of a level (县市区编办). `team` lets people of other organs sit in it.
    """

    code: str = Field(pattern=r"^[^@]+$", max_length=30)
    label: Label
    role: BodyRole
    kinds: tuple[OrganKind, ...] = ()
    levels: tuple[DivisionLevel, ...] = ()
    criteria: tuple[str, ...] = ()
    each: DivisionLevel | None = None
    team: bool = False

    def covers(self, kind: str, level: int) -> bool:
        return (not self.kinds or kind in self.kinds) and (not self.levels or level in self.levels)


class Phase(PlanPart):
    """阶段: `days` days. Reports and reviews have a round. A review answers the report of its round.

    `alongside`: begins with the phase before it. `before`: by batch, the first and last day as days before the plan's
    last. `whole`: units report every item anew. `hands_in`: lists reported besides the guides.
    """

    code: Code
    label: Label
    kind: PhaseKind
    days: int = Field(ge=1, le=250)
    round: int = Field(default=0, ge=0, le=9)
    task: str = ""
    alongside: bool = False
    before: dict[str, tuple[int, int]] = {}
    whole: bool = False
    hands_in: tuple[ReportedList, ...] = ()

    @property
    def by_batch(self) -> bool:
        return self.kind in BY_BATCH


class Plan(PlanPart):
    """方案.

    `findings`: must what the rule book calls 必改 be answered before reporting. `copies`: how many on paper. `remind`:
    how many working days before a stage's last day those who are behind are reminded, 0: not at all. `count`: in which
    days phases are counted. `bulletin`: on which day of the month a 通报 is drawn up, 0: whenever somebody does.
    `conference`: members of the 联席会议.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    label: Label
    version: int = 1
    source: str = ""
    purpose: str = ""
    findings: bool = True
    copies: int = Field(default=0, ge=0, le=20)
    remind: int = Field(default=3, ge=0, le=30)
    count: DayCount = DayCount.WORKING
    bulletin: int = Field(default=0, ge=0, le=28)
    conference: tuple[str, ...] = ()
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
        unsure = []
        for level in self.scope.levels:
            batches = [each.label for each in self.batches if level in each.levels]
            if len(batches) != 1:
                unsure.append(f"“{level.label}”应当正好属于一个批次，现在属于{len(batches)}个")
        wrong = [*repeated, *_wrong_bodies(self), *unsure, *_wrong_phases(self), *_wrong_days(self)]
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
        """Return the body of a code, also of one of many (`county@330302`)."""
        return next(each for each in self.bodies if each.code == code.partition("@")[0])

    def bodies_for(self, kind: str, level: int) -> list[Body]:
        """List the reviewers of units of a kind at a level, the lead first."""
        asked = [each for each in self.bodies if each.role in (BodyRole.LEAD, BodyRole.JOINT)]
        return sorted((each for each in asked if each.covers(kind, level)), key=lambda each: each.role != BodyRole.LEAD)

    def criteria_of(self, body: Body) -> list[Criterion]:
        return [each for each in self.criteria if not body.criteria or each.code in body.criteria]

    def batch_of(self, level: int) -> Batch | None:
        return next((each for each in self.batches if level in each.levels), None)

    def reports_whole(self, number: int) -> bool:
        """Tell whether units report every item anew in a round."""
        return any(each.whole for each in self.phases if each.kind == PhaseKind.REPORT and each.round == number)

    def annexes_of(self, number: int) -> list[ReportedList]:
        """List what is handed in with the report of a round, besides the guides."""
        reports = [each for each in self.phases if each.kind == PhaseKind.REPORT and each.round == number]
        return [annex for each in reports for annex in each.hands_in]

    @cached_property
    def consulted_round(self) -> int:
        """The round whose review follows the public's comments, 0 when they are asked after the last review."""
        kinds = [each.kind for each in self.phases]
        if PhaseKind.PUBLIC not in kinds:
            return 0
        later = self.phases[kinds.index(PhaseKind.PUBLIC) :]
        return next((each.round for each in later if each.kind == PhaseKind.REVIEW), 0)


def _wrong_bodies(plan: Plan) -> list[str]:
    known = {each.code for each in plan.criteria}
    wrong = [f"“{b.label}”的审核标准没有定义：{code}" for b in plan.bodies for code in b.criteria if code not in known]
    for kind, level in product(plan.scope.kinds, plan.scope.levels):
        leads = [each.label for each in plan.bodies if each.role == BodyRole.LEAD and each.covers(kind, level)]
        if len(leads) != 1:
            found = f"有{len(leads)}个：{'、'.join(leads)}" if leads else "没有"
            said = f"“{kind.label}”应当正好有一个牵头审核单位，现在{found}（{level.label}）"
            if not any(each.startswith(f"“{kind.label}”应当") for each in wrong):
                wrong.append(said)
    return wrong


def _wrong_days(plan: Plan) -> list[str]:
    wrong = [
        f"阶段“{each.label}”不能与前一阶段同时：上报和审核是一批一批的"
        for each in plan.phases
        if each.alongside and each.by_batch
    ]
    if plan.phases[0].alongside:
        wrong.append(f"“{plan.phases[0].label}”是第一个阶段，没有前一阶段可以同时")
    reviewed = [each for each in plan.phases if each.by_batch]
    codes = {each.code for each in plan.batches}
    if any(each.before for each in plan.phases):
        wrong += [
            f"阶段“{each.label}”要给每个批次写 before，批次是{'、'.join(sorted(codes))}"
            for each in reviewed
            if set(each.before) != codes
        ]
        wrong += [
            f"阶段“{each.label}”不分批次，不写 before" for each in plan.phases if each.before and not each.by_batch
        ]
        places = [place for place, each in enumerate(plan.phases) if each.by_batch]
        if places and places[-1] - places[0] >= len(places):
            wrong.append("写了 before 的方案，上报和审核的阶段要连着写，中间不夹别的阶段")
    wrong += [
        f"阶段“{each.label}”的 before 要先写开始、再写结束：{first}天、{last}天"
        for each in plan.phases
        for first, last in each.before.values()
        if not first >= last >= 0
    ]
    return wrong


def _wrong_phases(plan: Plan) -> list[str]:
    kinds = [each.kind for each in plan.phases]
    wrong = [f"阶段“{each.label}”要写第几轮" for each in plan.phases if each.by_batch and not each.round]
    wrong += [
        f"“{each.label}”不是上报阶段，不写 whole、hands_in"
        for each in plan.phases
        if each.kind != PhaseKind.REPORT and (each.whole or each.hands_in)
    ]
    wrong += [
        f"第一轮本来就报全部事项，“{each.label}”不写 whole" for each in plan.phases if each.whole and each.round == 1
    ]
    if kinds[-1] != PhaseKind.PUBLISH or PhaseKind.DECIDE not in kinds:
        wrong.append("最后的阶段应当是“公布实施”，它之前要有“审定”：没有审定的不能公布")
    wrong += [f"“{kind.label}”只能有一个阶段" for kind, n in Counter(kinds).items() if n > 1 and kind not in BY_BATCH]
    last_review = max((place for place, kind in enumerate(kinds) if kind in BY_BATCH), default=0)
    if PhaseKind.DECIDE in kinds and kinds.index(PhaseKind.DECIDE) < last_review:
        wrong.append("“审定”应当在各轮审核之后")
    # Round by round: reported (in one phase or several), then reviewed.
    steps = [(each.round, each.kind == PhaseKind.REVIEW) for each in plan.phases if each.by_batch]
    if not steps or steps[0] != (1, False):
        return [*wrong, "第一轮要先上报，再审核"]
    if steps[-1][1] and all(b in (a, (a[0], True)) or (a[1] and b == (a[0] + 1, False)) for a, b in pairwise(steps)):
        return wrong
    return [*wrong, "每一轮都要先上报、后审核，轮次一个接一个，最后以审核结束"]


def decoded(content: bytes, where: str = "") -> str:
    """Read the text of an uploaded plan as UTF-8, UTF-16 or, as Notepad's ANSI writes it, GB18030."""
    text = decode_text(content)
    if text is not None:
        return text
    said, _, remedy = undecoded(content).partition("。")
    raise BadInput(f"方案文件不是文本文件，或{said}，没有采用", where=where, remedy=f"{remedy}。")


def read_plan(data: dict[str, object] | str, where: str = "") -> Plan:
    """Return a plan from parsed data, or from TOML text.

    BadInput says what is wrong with it, and where.
    """
    try:
        return Plan.model_validate(tomllib.loads(data) if isinstance(data, str) else data)
    except tomllib.TOMLDecodeError as error:
        remedy = "请对照现成的方案改正。"
        raise BadInput(f"方案文件{toml_sentence(error)}", where=where, remedy=remedy) from error
    except ValidationError as error:
        problems = []
        for each in problems_of(error):
            head, arrow, rest = each.where.partition(" → ")
            called = f"{PARTS[head]}（{head}）{arrow}{rest}" if head in PARTS else each.where
            problems.append(replace(each, where=called))
        raise BadInput("方案有误，没有采用", problems, where=where, remedy="请按列出的各条改正后再试。") from error


PARTS = {"phases": "阶段", "bodies": "审核单位", "batches": "批次", "criteria": "审核标准", "scope": "清理范围"}


def plan_codes() -> list[str]:
    return sorted(path.stem for path in (settings.DATA / "campaigns").glob("*.toml"))


def plan_named(code: str) -> Plan:
    path: Path = settings.DATA / "campaigns" / f"{code}.toml"
    return read_plan(path.read_text(encoding="utf-8"), path.name)


def shipped_plans() -> list[Plan]:
    return [plan_named(code) for code in plan_codes()]
