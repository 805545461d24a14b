"""Reminding each morning, and clearing away what is old."""

from datetime import datetime, time, timedelta

from django_tasks import task

from banshi.jobs.schedule import schedule
from banshi.ledger import System
from banshi.notifications.models import Notification
from banshi.notifications.reminders import REMINDERS, remind

KEPT = timedelta(days=90)


@task()
def remind_due(at: str) -> int:
    """Remind of what has a last day.

    Returns how many things were told of.
    """
    moment = datetime.fromisoformat(at)
    return sum(remind(each, by=System("remind"), at=moment) for each in REMINDERS.values())


@task()
def forget_notifications(at: str) -> int:
    """Delete old ones.

    That they were told stands in the ledger.
    """
    return Notification.objects.filter(created_at__lt=datetime.fromisoformat(at) - KEPT).delete()[0]


schedule("remind", "各项工作到期前催办", remind_due, at=time(7, 30))
schedule("forget_notifications", "清理三个月以前的消息", forget_notifications, at=time(3, 20))
