"""News of a complaint for who made it: a notice where the account is known, a mail where a letter came."""

from collections.abc import Sequence
from datetime import datetime

from banshi.calendar.queries import calendar_in_force
from banshi.cases.sealing import opened
from banshi.core.clock import chinese_date
from banshi.core.ids import new_guid
from banshi.feedback.enums import ACCUSING, ComplaintChannel
from banshi.feedback.models import Complaint
from banshi.feedback.notifications import ACCUSATION_NEWS, COMPLAINT_NEWS
from banshi.feedback.sealing import REPORTER
from banshi.notifications.notify import NewNotification, notify_many
from banshi.outbox.actions import NewMessage, enqueue, queue_named
from banshi.outbox.mail import is_on as mail_is_on


def tell_authors(some: Sequence[Complaint], said: str, then: str, *, by_last_day: bool = False, at: datetime) -> None:
    """Tell those who gave their account what happened and what to do next, with the last day of the answer where that comes next.

    The others have number and code.
    """
    # Of complaints and reports neither number nor last day is told: a row with account and either would tell who accused.
    notices, calendar = [], calendar_in_force()
    for each in some:
        account = opened(each.reporter_sealed, purpose=REPORTER).get("account") if each.reporter_index else None
        if account and each.protection in ACCUSING:
            notices.append(NewNotification(ACCUSATION_NEWS, [account], None, {"said": said, "next": then}))
        elif account:
            last = f"，最晚{chinese_date(calendar.day_of(each.due_rank))}" if by_last_day else ""
            told = {"number": each.number, "said": said, "next": f"{then}{last}"}
            notices.append(NewNotification(COMPLAINT_NEWS, [account], each, told))
        elif each.channel == ComplaintChannel.MAIL:
            reply_by_mail(each, said, at=at)
    notify_many(notices, at=at)


def reply_by_mail(complaint: Complaint, said: str, *, at: datetime) -> None:
    """Queue a mail to who wrote the letter, where the office sends mail."""
    if mail_is_on():
        letter = NewMessage(new_guid().hex, "您的来信有进展", {"complaint": complaint.pk, "said": said})
        enqueue(queue_named("reply"), [letter], at=at)
