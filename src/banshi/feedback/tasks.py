"""Tasks of the clock: letters are fetched, what was answered and not reopened is closed, what is late is told."""

from datetime import datetime, time, timedelta
from itertools import islice

from django_tasks import task

from banshi.feedback.actions import close_answered, has_room, take_letter, tell_late
from banshi.feedback.letters import mailbox
from banshi.jobs.schedule import schedule
from banshi.ledger import System

LETTERS_AT_ONCE = 200


@task()
def close_complaints(at: str) -> dict[str, int]:
    """Close answered complaints whose days for reopening are over."""
    return {"closed": close_answered(by=System("feedback"), at=datetime.fromisoformat(at))}


@task()
def tell_late_feedback(at: str) -> dict[str, int]:
    """Tell supervision of bad ratings, complaints and wishes whose last day has gone."""
    told = 0
    while some := tell_late(by=System("feedback"), at=datetime.fromisoformat(at)):
        told += some
    return {"told": told}


@task()
def fetch_letters(at: str) -> dict[str, int]:
    """Take in the letters nobody has read yet, some at a time."""
    moment, opener, taken = datetime.fromisoformat(at), mailbox(), 0
    if opener is None:
        return {"taken": 0}
    with opener() as box:
        for place, letter in islice(box.unread(), LETTERS_AT_ONCE):
            if has_room(letter, at=moment):
                take_letter(letter, by=System("feedback"), at=moment)
                box.done(place)
                taken += 1
    return {"taken": taken}


schedule("fetch_letters", "收取来信", fetch_letters, every=timedelta(minutes=5))
schedule("tell_late_feedback", "超期的差评、诉求、愿望交给监察", tell_late_feedback, at=time(6, 30))
schedule("close_complaints", "答复以后没有异议的诉求，到期办结", close_complaints, at=time(0, 20))
