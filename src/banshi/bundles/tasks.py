"""Tasks of the clock: drafts nobody has come back to, and parts that wait for one of them."""

from datetime import datetime, time

from django_tasks import task

from banshi.bundles.actions import discard_expired_bundles, go_on_with_parts
from banshi.bundles.queries import stranded_submissions
from banshi.jobs.schedule import schedule
from banshi.ledger import System


@task()
def tidy_bundles(at: str) -> dict[str, int]:
    moment, software = datetime.fromisoformat(at), System("clocks")
    stranded = list(stranded_submissions().values_list("pk", flat=True))
    moved = sum(len(go_on_with_parts(pk, by=software, at=moment)) for pk in stranded)
    return {"discarded": discard_expired_bundles(by=software, at=moment), "moved": moved}


schedule("bundle_drafts", "清理没有人再填的“一件事”草稿", tidy_bundles, at=time(0, 15))
