"""Tasks of the clock about laws."""

from datetime import datetime, timedelta

from django_tasks import task

from banshi.jobs.schedule import schedule
from banshi.law.loading import renew_shipped_laws
from banshi.ledger import System


@task()
def renew_laws(at: str) -> bool:
    """Renew the shipped register within the hour after an upgrade brought another."""
    return renew_shipped_laws(by=System("upgrade"), at=datetime.fromisoformat(at))


schedule("renew_laws", "升级以后换上新的法规登记", renew_laws, every=timedelta(hours=1))
