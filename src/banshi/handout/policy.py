"""The rules of hand-out, as officials keep them in data/handout/policy.toml. Read here and nowhere else."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words


class HandOutPolicy(BaseModel):
    """Working days until a reminder and between reminders, how many, and how long a locker keeps a result."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    remind_after_days: int = Field(ge=1, le=365)
    remind_again_days: int = Field(ge=1, le=365)
    reminders_at_most: int = Field(ge=0, le=20)
    locker_hours: int = Field(ge=1, le=24 * 30)


def policy() -> HandOutPolicy:
    return _read(Path(settings.HANDOUT_POLICY))


@cache
def _read(path: Path) -> HandOutPolicy:
    try:
        return HandOutPolicy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"出件的规矩读不懂：{in_words(error)}", where=path.name, remedy="请按文件里的说明改正。"
        ) from error
