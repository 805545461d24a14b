"""A hall as officials write it in data/halls/*.toml."""

import tomllib
from datetime import time
from itertools import pairwise
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words


class HallPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpeningHours(HallPart):
    """Spans of working days (工作日历), and of days of rest where it opens then."""

    working: tuple[tuple[str, str], ...]
    rest: tuple[tuple[str, str], ...] = ()

    @field_validator("working", "rest")
    @classmethod
    def spans_follow_each_other(cls, spans: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        moments = [f"{time.fromisoformat(each):%H:%M}" for span in spans for each in span]
        if any(before >= after for before, after in pairwise(moments)):
            raise ValueError("开放时间要按先后写，不能交叉")
        return tuple(zip(moments[::2], moments[1::2], strict=True))


class ItemPlaces(HallPart):
    item: str
    morning: int = Field(ge=0, le=9999)
    afternoon: int = Field(ge=0, le=9999)


class SkillLine(HallPart):
    letter: str = Field(pattern="^[A-Z]{1,2}$")
    name: str = Field(min_length=1, max_length=40)
    organs: tuple[str, ...] = ()
    minutes: int = Field(default=10, ge=1, le=480)
    morning: int = Field(default=0, ge=0, le=9999)
    afternoon: int = Field(default=0, ge=0, le=9999)
    items: tuple[ItemPlaces, ...] = ()


class CounterLine(HallPart):
    number: int = Field(ge=1, le=9999)
    skills: tuple[str, ...] = Field(min_length=1)


class HallFile(HallPart):
    code: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1, max_length=80)
    organ: str
    address: str = Field(min_length=1, max_length=200)
    phone: str = Field(default="", max_length=60)
    languages: tuple[str, ...] = ()
    aids: tuple[str, ...] = ()
    hours: OpeningHours
    skills: tuple[SkillLine, ...] = Field(min_length=1)
    counters: tuple[CounterLine, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def letters_and_numbers_are_known_and_given_once(self) -> Self:
        letters, numbers = [each.letter for each in self.skills], [each.number for each in self.counters]
        if len(set(letters)) < len(letters) or len(set(numbers)) < len(numbers):
            raise ValueError("业务类别的字头、窗口号不能重复")
        if unknown := {each for line in self.counters for each in line.skills} - set(letters):
            raise ValueError(f"窗口写了没有的业务类别：{'、'.join(sorted(unknown))}")
        return self


def read_hall_file(text: str, *, name: str = "") -> HallFile:
    """Read a hall.

    Raises BadInput.
    """
    try:
        return HallFile.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(f"大厅读不懂：{in_words(error)}", where=name, remedy="请按 data/halls 里的例子改正。") from error
