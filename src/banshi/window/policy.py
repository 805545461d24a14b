"""The rules of halls, as officials keep them in data/window/policy.toml. Read here and nowhere else."""

from datetime import datetime, time, timedelta

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from banshi.core.clock import CHINA
from banshi.core.declarations import read_declaration
from banshi.window.enums import Priority

Minutes = Field(ge=0, le=24 * 60)


class HallRules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PriorityRule(HallRules):
    code: Priority
    minutes: int = Minutes
    basis: str = ""


class QueuePolicy(HallRules):
    last_ticket_minutes: int = Minutes
    returned_minutes: int = Minutes
    calls_before_skip: int = Field(ge=1, le=9)
    unserved_minutes: int = Minutes
    offline_from: int = Field(ge=100, le=9000)
    offline_block: int = Field(ge=1, le=100)


class EstimatePolicy(HallRules):
    cases: int = Field(ge=5, le=1000)
    days: int = Field(ge=1, le=365)


class AppointmentPolicy(HallRules):
    days_ahead: int = Field(ge=1, le=60)
    late_minutes: int = Minutes
    arrived_minutes: int = Minutes
    open_at_once: int = Field(ge=1, le=50)
    missed_times: int = Field(ge=1, le=50)
    missed_within_days: int = Field(ge=1, le=365)
    paused_days: int = Field(ge=1, le=365)
    hold_minutes: int = Minutes
    hold_from: time
    hold_to: time

    def held_until(self, at: datetime) -> datetime | None:
        """Return until when a freed place is held for who waited.

        Nights do not count. None where it is given at once.
        """
        if not self.hold_minutes:
            return None
        local = at.astimezone(CHINA)
        if not self.hold_from <= local.time() < self.hold_to:
            day = local.date() + timedelta(days=local.time() >= self.hold_to)
            local = datetime.combine(day, self.hold_from, CHINA)
        return local + timedelta(minutes=self.hold_minutes)


class QuestionPolicy(HallRules):
    days: int = Field(ge=1, le=30)


class HallPolicy(HallRules):
    priorities: tuple[PriorityRule, ...]
    queue: QueuePolicy
    estimate: EstimatePolicy
    appointment: AppointmentPolicy
    question: QuestionPolicy

    def head_start(self, priority: str) -> timedelta:
        """Return by how much earlier a priority counts."""
        return timedelta(minutes=next((each.minutes for each in self.priorities if each.code == priority), 0))


def policy() -> HallPolicy:
    return read_declaration(settings.WINDOW_POLICY, HallPolicy, called="大厅的规矩")
