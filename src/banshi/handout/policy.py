"""The rules of hand-out, as officials keep them in data/handout/policy.toml. Read here and nowhere else."""

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from banshi.core.declarations import read_declaration


class HandOutPolicy(BaseModel):
    """Working days until a reminder and between reminders, how many, and how long a locker keeps a result."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    remind_after_days: int = Field(ge=1, le=365)
    remind_again_days: int = Field(ge=1, le=365)
    reminders_at_most: int = Field(ge=0, le=20)
    locker_hours: int = Field(ge=1, le=24 * 30)


def policy() -> HandOutPolicy:
    return read_declaration(settings.HANDOUT_POLICY, HandOutPolicy, called="出件的规矩")
