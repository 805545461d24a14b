"""Tasks of halls: the turn of the day, missed appointments, reminders, overdue questions. Each effect once however late."""

from datetime import datetime, time, timedelta

from django_tasks import task

from banshi.jobs.schedule import schedule
from banshi.ledger import System
from banshi.window.actions import (
    end_closed,
    end_lapsed_offers,
    end_missed,
    remind_appointments,
    tell_overdue_questions,
    turn_day,
)


@task()
def turn_hall_day(at: str) -> dict[str, int]:
    """End what the day before left open, and tell of overdue questions."""
    moment, software = datetime.fromisoformat(at), System("halls")
    return {
        "unserved": turn_day(by=software, at=moment),
        "overdue": tell_overdue_questions(by=software, at=moment),
    }


@task()
def keep_appointments(at: str) -> dict[str, int]:
    """End appointments nobody came to and those on which the hall is closed, and remind of the next day's."""
    moment, software = datetime.fromisoformat(at), System("halls")
    return {
        "missed": end_missed(by=software, at=moment),
        "closed": end_closed(by=software, at=moment),
        "reminded": remind_appointments(by=software, at=moment),
    }


@task()
def pass_held_places_on(at: str) -> dict[str, int]:
    """Pass places on that nobody confirmed in time."""
    return {"lapsed": end_lapsed_offers(by=System("halls"), at=datetime.fromisoformat(at))}


schedule("hall_day", "大厅过夜：没有办到的号作废并可优先再来，窗口清空，首问逾期提醒", turn_hall_day, at=time(0, 10))
schedule("appointments", "预约：没有来的登记，提醒下一个工作日的", keep_appointments, every=timedelta(minutes=30))
schedule("held_places", "候补轮到了没有确认的，名额给后面的人", pass_held_places_on, every=timedelta(minutes=5))
