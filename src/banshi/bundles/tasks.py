"""Tasks of the clock: drafts nobody has come back to."""

from datetime import datetime, time

from django_tasks import task

from banshi.bundles.actions import discard_expired_bundles
from banshi.jobs.schedule import schedule
from banshi.ledger import System


@task()
def tidy_bundles(at: str) -> dict[str, int]:
    moment = datetime.fromisoformat(at)
    return {"discarded": discard_expired_bundles(by=System("clocks"), at=moment)}


schedule("bundle_drafts", "清理没有人再填的“一件事”草稿", tidy_bundles, at=time(0, 15))
