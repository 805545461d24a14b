"""Clearing away what OAuth leaves behind."""

from datetime import datetime, time, timedelta

from django_tasks import task
from oauth2_provider.models import clear_expired

from banshi.clients.models import IdempotentRequest
from banshi.jobs.schedule import schedule

KEEP_ANSWERS = timedelta(days=2)


@task()
def clear_tokens(at: str) -> dict[str, int]:
    """Clear away tokens that have expired, and kept answers nobody will ask for again."""
    clear_expired()
    old = datetime.fromisoformat(at) - KEEP_ANSWERS
    return {"answers": IdempotentRequest.objects.filter(at__lt=old).delete()[0]}


schedule("clear_tokens", "清理过期的接入令牌", clear_tokens, at=time(4, 20))
