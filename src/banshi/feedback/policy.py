"""The rules of ratings, complaints and wishes, as officials keep them in data/feedback/policy.toml. Read here and nowhere else."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words

Days = Field(ge=1, le=365)


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RatingTag(_Rule):
    """A reason that is picked with a grade."""

    code: str
    label: str
    bad: bool = False


class RatingPolicy(_Rule):
    basis: str
    contact_days: int = Days
    mend_days: int = Days
    plan_days: int = Days
    open_days: int = Days
    least_shown: int = Field(ge=1, le=100)
    outlier_raters: int = Field(ge=10, le=10_000)
    burst: int = Field(ge=2, le=10_000)
    tags: tuple[RatingTag, ...]


class FeedbackPolicy(_Rule):
    rating: RatingPolicy


def policy() -> FeedbackPolicy:
    return _read(Path(settings.FEEDBACK_POLICY))


@cache
def _read(path: Path) -> FeedbackPolicy:
    try:
        return FeedbackPolicy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"评价和诉求的规矩读不懂：{in_words(error)}", where=path.name, remedy="请按文件里的说明改正。"
        ) from error
