"""Thresholds of the lights and days of orders, as officials keep them in data/monitoring."""

import tomllib
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words

S = TypeVar("S", bound=BaseModel)


class Thresholds(BaseModel):
    """A light turns yellow with so many percent of the limit, or so few days, left."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    yellow_percent: int = Field(ge=0, le=100)
    yellow_days: int = Field(ge=0, le=365)

    def yellow_within(self, limit: int) -> int:
        """Return how many days before the end of a limit of so many days the light is yellow."""
        return max(limit * self.yellow_percent // 100, self.yellow_days)


class OrderLimits(BaseModel):
    """Working days to answer an order, as proposed and at most."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    answer_days: int = Field(ge=1, le=365)
    most_days: int = Field(ge=1, le=365)


def thresholds() -> Thresholds:
    found: Thresholds = _read(Path(settings.MONITORING) / "lights.toml", Thresholds)
    return found


def order_limits() -> OrderLimits:
    found: OrderLimits = _read(Path(settings.MONITORING) / "orders.toml", OrderLimits)
    return found


@cache
def _read(path: Path, shape: type[S]) -> S:
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"监察的界限读不懂：{in_words(error)}", where=path.name, remedy="请按文件开头的说明改正。"
        ) from error
