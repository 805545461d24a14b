"""Last days of decree 809, as ranks of working days."""

from dataclasses import dataclass
from datetime import date, datetime

from banshi.calendar.deadlines import Remaining, due_rank, remaining
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.core.clock import day_of
from banshi.exchange.enums import Sharing
from banshi.exchange.models import DataRequest
from banshi.exchange.policy import exchange_policy


def answer_days(request: DataRequest) -> int:
    """Return the days of §21, with the extension that was consented to."""
    days = exchange_policy().answer
    return (
        days.unconditional if request.resource.sharing == Sharing.UNCONDITIONAL else days.conditional
    ) + request.extension


def answer_rank(request: DataRequest) -> int:
    """Number the last day to answer, from receipt or from the day what was lacking came."""
    return rank_after(request.completed_at or request.received_at, answer_days(request))


def rank_after(moment: datetime, days: int) -> int:
    rank = due_rank(day_of(moment), days, calendar=calendar_in_force())
    assert rank is not None
    return rank


@dataclass(frozen=True, slots=True)
class RequestDays:
    """Last days of a request, for a page. None where there is none."""

    answer: Remaining | None
    delivery: Remaining | None


def days_of_request(request: DataRequest, *, on: date, calendar: WorkingCalendar) -> RequestDays:
    def left(rank: int | None, done: datetime | None) -> Remaining | None:
        return None if rank is None or done else remaining(calendar.day_of(rank), on=on, calendar=calendar)

    waiting = request.state == "asked"
    return RequestDays(
        left(request.due_rank, None if waiting else request.answered_at or request.received_at),
        left(request.delivery_due_rank, request.delivered_at),
    )


def days_left(rank: int | None, *, on: date) -> Remaining | None:
    calendar = calendar_in_force()
    return None if rank is None else remaining(calendar.day_of(rank), on=on, calendar=calendar)


def day_of_rank(rank: int) -> date:
    return calendar_in_force().day_of(rank)
