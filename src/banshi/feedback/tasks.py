"""Task of the clock: what was answered and not reopened is closed."""

from datetime import datetime, time

from django_tasks import task

from banshi.feedback.actions import close_answered
from banshi.jobs.schedule import schedule
from banshi.ledger import System


@task()
def close_complaints(at: str) -> dict[str, int]:
    """Close answered complaints whose days for reopening are over."""
    return {"closed": close_answered(by=System("feedback"), at=datetime.fromisoformat(at))}


schedule("close_complaints", "答复以后没有异议的诉求，到期办结", close_complaints, at=time(0, 20))
