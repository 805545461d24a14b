"""State machines kept as data: `data/workflows/*.toml`, loaded once and checked when loaded."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from banshi.core.errors import BadInput, Conflict


class State(BaseModel):
    """A state; nothing leaves a `final` one. `limit` names the time it may last (how long, its owner's policy says)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    final: bool = False
    limit: str = ""


class Move(BaseModel):
    """A way from some states to another; `permission` says who may go it (a code of people.permissions)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    label: str
    sources: tuple[str, ...] = Field(alias="from")
    to: str
    permission: str


class Workflow(BaseModel):
    """States and moves of one kind of thing. `version` stays with what is under way."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    label: str
    version: int
    start: str
    states: dict[str, State]
    moves: tuple[Move, ...]

    @model_validator(mode="after")
    def holds_together(self) -> "Workflow":
        named = {self.start} | {m.to for m in self.moves} | {s for m in self.moves for s in m.sources}
        if unknown := named - set(self.states):
            raise ValueError(f"没有定义的状态：{'、'.join(sorted(unknown))}")
        if left := [m.label for m in self.moves for s in m.sources if self.states[s].final]:
            raise ValueError(f"从终止状态出发的变动：{'、'.join(left)}")
        if lost := set(self.states) - self._reached():
            raise ValueError(f"到不了的状态：{'、'.join(sorted(lost))}")
        return self

    def _reached(self) -> set[str]:
        reached, before = {self.start}, set[str]()
        while reached != before:
            before = set(reached)
            reached |= {m.to for m in self.moves if before & set(m.sources)}
        return reached

    @property
    def open_states(self) -> list[str]:
        return [code for code, state in self.states.items() if not state.final]

    def move_named(self, name: str) -> Move:
        return next(each for each in self.moves if each.name == name)

    def moves_from(self, state: str) -> list[Move]:
        return [each for each in self.moves if state in each.sources]

    def check(self, name: str, state: str) -> Move:
        """The move, or a refusal that says why not now."""
        move = self.move_named(name)
        if state not in move.sources:
            raise Conflict(
                f"{self.label}现在是“{self.states[state].label}”，不能{move.label}",
                remedy="可能刚有人办过，请刷新页面查看现在的状态。",
            )
        return move


def read_workflow(path: Path) -> Workflow:
    try:
        return Workflow.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"流程定义有误：{error}", where=path.name, remedy="请按 docs/workflows.md 的说明改正。"
        ) from error


@cache
def workflow(code: str) -> Workflow:
    return read_workflow(settings.DATA / "workflows" / f"{code}.toml")


def all_workflows() -> list[Workflow]:
    return [workflow(path.stem) for path in sorted((settings.DATA / "workflows").glob("*.toml"))]
