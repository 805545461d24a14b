"""State machines kept as data: `data/workflows/*.toml`, loaded once and checked when loaded."""

import json
import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict
from banshi.core.json_types import JsonObject
from banshi.core.validation_errors import sentence_of, toml_sentence


class Limit(BaseModel):
    """Days a state may last."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    days: int = Field(ge=1, le=3650)
    unit: Literal["working", "natural"] = "working"

    def __str__(self) -> str:
        return f"{self.days}个{'工作日' if self.unit == 'working' else '自然日'}"


class State(BaseModel):
    """Node of a workflow.

    `limit` is written out or names days of the owner's policy, `owner` is a role, `pause` stops the clock.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    final: bool = False
    limit: str | Limit = ""
    owner: str = ""
    pause: bool = False


class Move(BaseModel):
    """Transition between states. Without a `permission` it is the join of a parallel group."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    label: str
    sources: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str
    permission: str = ""
    rules: tuple[str, ...] = ()


class ParallelGroup(BaseModel):
    """Branches that run side by side while the whole is in `state`. The last one to end goes the move `join`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    state: str
    join: str
    permission: str
    branches: dict[str, str] = {}


class Workflow(BaseModel):
    """States, moves and parallel groups of one kind of thing."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    label: str
    version: int
    start: str
    states: dict[str, State]
    moves: tuple[Move, ...]
    groups: dict[str, ParallelGroup] = {}

    @model_validator(mode="after")
    def holds_together(self) -> "Workflow":
        named = {self.start} | {m.to for m in self.moves} | {s for m in self.moves for s in m.sources}
        named |= {each.state for each in self.groups.values()}
        if unknown := named - set(self.states):
            raise ValueError(f"没有定义的状态：{'、'.join(sorted(unknown))}")
        names = [each.name for each in self.moves]
        if twice := {each for each in names if names.count(each) > 1}:
            raise ValueError(f"写了不止一次的变动：{'、'.join(sorted(twice))}")
        if left := [m.label for m in self.moves for s in m.sources if self.states[s].final]:
            raise ValueError(f"从终止状态出发的变动：{'、'.join(left)}")
        if idle := [each.label for each in self.states.values() if each.final and (each.limit or each.pause)]:
            raise ValueError(f"终止状态不能有时限，也不能停表：{'、'.join(idle)}")
        if both := [each.label for each in self.states.values() if each.limit and each.pause]:
            raise ValueError(f"停表的状态不能再写时限：{'、'.join(both)}")
        reached, before = {self.start}, set[str]()
        while reached != before:
            before = set(reached)
            reached |= {m.to for m in self.moves if before & set(m.sources)}
        if lost := set(self.states) - reached:
            raise ValueError(f"到不了的状态：{'、'.join(sorted(lost))}")
        return self

    @model_validator(mode="after")
    def groups_join(self) -> "Workflow":
        states = [each.state for each in self.groups.values()]
        if self.start in states:
            raise ValueError(f"起始状态不能并行：{self.states[self.start].label}")
        if crowded := sorted({each for each in states if states.count(each) > 1}):
            raise ValueError(f"一个状态只能有一组并行：{'、'.join(self.states[each].label for each in crowded)}")
        for group in self.groups.values():
            join = next((each for each in self.moves if each.name == group.join), None)
            if join is None or join.sources != (group.state,):
                raise ValueError(f"“{group.label}”的 join 要写一个只从“{self.states[group.state].label}”出发的变动")
        joins = {each.join for each in self.groups.values()}
        if owed := [each.label for each in self.moves if not each.permission and each.name not in joins]:
            raise ValueError(f"没有写要什么权限的变动：{'、'.join(owed)}")
        if asking := [each.label for each in self.moves if each.permission and each.name in joins]:
            raise ValueError(f"并行各支办完后自动走的变动不要写权限：{'、'.join(asking)}")
        return self

    @property
    def open_states(self) -> list[str]:
        return [code for code, state in self.states.items() if not state.final]

    @property
    def content(self) -> JsonObject:
        """Return the JSON form that is kept, as a copy of one's own.

        What is left at its default is not written.
        """
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @cached_property
    def digest(self) -> str:
        return digest_of(self.content)

    def move_named(self, name: str) -> Move:
        for each in self.moves:
            if each.name == name:
                return each
        known = "、".join(each.name for each in self.moves)
        raise BadInput(f"“{self.label}”的流程里没有变动“{name}”", remedy=f"可用的变动：{known}。")

    def moves_from(self, state: str) -> list[Move]:
        return [each for each in self.moves if state in each.sources]

    def group_at(self, state: str) -> tuple[str, ParallelGroup] | None:
        """Return the parallel group that runs while the whole is in `state`, with its code."""
        return next(((code, each) for code, each in self.groups.items() if each.state == state), None)

    def check(self, name: str, state: str) -> Move:
        """Return the move, or a refusal that says why not now."""
        move = self.move_named(name)
        if state not in move.sources:
            now = self.states[state].label if state in self.states else state
            raise Conflict(
                f"{self.label}现在是“{now}”，不能{move.label}",
                remedy="可能刚有人办过，请刷新页面查看现在的状态。",
            )
        return move


def digest_of(content: dict[str, object]) -> str:
    return digest(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def read_workflow(path: Path) -> Workflow:
    try:
        found = Workflow.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BadInput("没有这个流程的定义", where=path.name, remedy="流程定义放在 data/workflows 里。") from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        said = "；".join(map(_sentence, error.errors())) if isinstance(error, ValidationError) else toml_sentence(error)
        raise BadInput(
            f"流程定义有误：{said}", where=path.name, remedy="请按 docs/workflows.md 的说明改正。"
        ) from error
    if found.code != path.stem:
        raise BadInput(f"流程定义里的 code 是“{found.code}”", where=path.name, remedy="请写成与文件名相同。")
    return found


def _sentence(error: ErrorDetails) -> str:
    """Return a fault of a definition and its place in the file."""
    place = ".".join(str(each) for each in error["loc"])
    match error["type"]:
        case "missing":
            return f"缺少 {place}"
        case "extra_forbidden":
            return f"没有 {place} 这一项"
        case "value_error":
            return str(error["ctx"]["error"])
    return f"{place} {sentence_of(error)}"


@cache
def _workflow_in(path: Path) -> Workflow:
    return read_workflow(path)


def workflow(code: str) -> Workflow:
    """Return the definition new subjects begin with.

    What is under way keeps its own (`versions.definition_of`).
    """
    return _workflow_in(settings.WORKFLOWS / f"{code}.toml")


def all_workflows() -> list[Workflow]:
    return [workflow(path.stem) for path in sorted(settings.WORKFLOWS.glob("*.toml"))]
