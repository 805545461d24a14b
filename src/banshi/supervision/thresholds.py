"""Thresholds of the lights, as officials keep them in data/monitoring/lights.toml."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words


class Thresholds(BaseModel):
    """A light turns yellow with so many percent of the limit, or so few days, left."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    yellow_percent: int = Field(ge=0, le=100)
    yellow_days: int = Field(ge=0, le=365)

    def yellow_within(self, limit: int) -> int:
        """Return how many days before the end of a limit of so many days the light is yellow."""
        return max(limit * self.yellow_percent // 100, self.yellow_days)


def thresholds() -> Thresholds:
    return _read(Path(settings.MONITORING) / "lights.toml")


@cache
def _read(path: Path) -> Thresholds:
    try:
        return Thresholds.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"红黄灯的界限读不懂：{in_words(error)}", where=path.name, remedy="请按文件开头的说明改正。"
        ) from error
