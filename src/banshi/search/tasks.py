"""What the worker does for search: catch up with what the moment of publishing did not get to, mend what is broken."""

from datetime import timedelta

from django_tasks import task

from banshi.jobs.schedule import schedule
from banshi.search.index import IndexUnusable, catch_up, is_unusable, rebuild


@task()
def keep_index(at: str) -> int | None:
    """The number of changes taken in, or of items in a new index."""
    if is_unusable():
        return rebuild()
    try:
        return catch_up()
    except (IndexUnusable, ValueError, RuntimeError, OSError):
        return rebuild()


schedule("keep_index", "更新搜索索引，坏了就重建", keep_index, every=timedelta(minutes=2))
