"""What adjustments do by themselves: remind before a limit ends; on the schedule only where there is mail."""

from datetime import datetime, time

from django_tasks import task

from banshi.adjustments.actions import remind_of_adjustments
from banshi.jobs.schedule import schedule
from banshi.ledger import System
from banshi.people.mail import is_on


@task()
def remind_adjustments(at: str) -> int:
    return remind_of_adjustments(by=System("remind"), at=datetime.fromisoformat(at))


if is_on():
    schedule("remind_adjustments", "动态调整各环节到期前发邮件催办", remind_adjustments, at=time(7, 40))
