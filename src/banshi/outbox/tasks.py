"""The worker's turns: each queue gets a task of its own, so that a slow remote holds up no other."""

from datetime import datetime, time, timedelta

from django_tasks import task

from banshi.jobs.schedule import schedule
from banshi.outbox.channels import CHANNELS
from banshi.outbox.delivery import deliver
from banshi.outbox.models import Message, Queue
from banshi.outbox.queries import all_with_work


@task()
def deliver_due(at: str) -> int:
    """Return the number of queues that got their turn."""
    found = all_with_work(datetime.fromisoformat(at))
    for queue in found:
        deliver_queue.enqueue(queue=queue, at=at)
    return len(found)


@task()
def deliver_queue(queue: int, at: str) -> None:
    """Take one turn.

    A new task for the next one, so that others come in between.
    """
    if goes_on := deliver(Queue.objects.get(pk=queue), at=datetime.fromisoformat(at)):
        deliver_queue.enqueue(queue=queue, at=goes_on.isoformat())


@task()
def forget_messages(at: str) -> int:
    """Delete what is older than its channel keeps it.

    That it was sent stands in the ledger.
    """
    moment = datetime.fromisoformat(at)
    limits = {channel.code: moment - channel.kept for channel in CHANNELS.values() if channel.kept}
    found = (Message.objects.filter(queue__channel=code, created_at__lt=limit) for code, limit in limits.items())
    return sum(each.delete()[0] for each in found)


schedule("deliver", "发送邮件，向发布渠道发送公布的变动", deliver_due, every=timedelta(minutes=1))
schedule("forget_messages", "清理三个月以前的邮件", forget_messages, at=time(3, 10))
