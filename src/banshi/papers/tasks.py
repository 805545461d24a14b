"""Printing of papers after the acts that issued them."""

import logging
from datetime import datetime, timedelta

from django_tasks import task

from banshi.core.errors import BanshiError
from banshi.jobs.schedule import schedule
from banshi.papers.models import Paper
from banshi.papers.printing import print_paper
from banshi.papers.queries import papers_to_print

logger = logging.getLogger("banshi.papers")
AT_ONCE = 500


@task()
def print_papers(at: str) -> int:
    """Print what was issued and is not printed yet, oldest first."""
    moment, count = datetime.fromisoformat(at), 0
    for paper in papers_to_print().select_related("organ", "template")[:AT_ONCE]:
        try:
            print_paper(paper, at=moment)
            count += 1
        except (BanshiError, ValueError, OSError) as trouble:
            logger.exception("paper %s could not be printed", paper.code)
            Paper.objects.filter(pk=paper.pk).update(print_error=str(trouble)[:300])
    return count


schedule("print_papers", "打印、签名新发的文书", print_papers, every=timedelta(minutes=1))
