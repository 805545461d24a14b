"""The worker's turn for outlets: each gets a task of its own, so that a slow one holds up no other."""

from datetime import datetime, timedelta

from django_tasks import task

from banshi.connectors.delivering import deliver
from banshi.connectors.models import Outlet
from banshi.connectors.queries import outlets_with_work
from banshi.jobs.schedule import schedule


@task()
def deliver_to_outlets(at: str) -> int:
    """The number of outlets that got their turn."""
    due = list(outlets_with_work(datetime.fromisoformat(at)).values_list("pk", flat=True))
    for outlet in due:
        deliver_to_outlet.enqueue(outlet=outlet, at=at)
    return len(due)


@task()
def deliver_to_outlet(outlet: int, at: str) -> None:
    """One turn; a new task for the next one, so that others come in between."""
    if goes_on := deliver(Outlet.objects.get(pk=outlet), at=datetime.fromisoformat(at)):
        deliver_to_outlet.enqueue(outlet=outlet, at=goes_on.isoformat())


schedule("deliver_to_outlets", "向发布渠道发送公布的变动", deliver_to_outlets, every=timedelta(minutes=1))
