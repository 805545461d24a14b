"""Circuit breaker over sources, kept in the database so that all processes rest together."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F

from banshi.exchange.models import DataSystem
from banshi.exchange.policy import exchange_policy
from banshi.exchange.sources.base import Source, SourceTrouble, TooManyRows
from banshi.exchange.sources.sql import SqlSource

T = TypeVar("T")
KINDS: dict[str, Callable[[str], Source]] = {"sql": SqlSource}


def ask(system: DataSystem, question: Callable[[Source], T], *, at: datetime) -> T:
    """Put a question to a system, unless it is resting after failures.

    Raises SourceTrouble.
    """
    if not system.active or system.kind not in KINDS:
        raise SourceTrouble("这个来源停用了")
    if system.resting_until and system.resting_until > at:
        raise SourceTrouble("这个来源接连出错，正在暂停")
    rows, limits = DataSystem.objects.filter(pk=system.pk), exchange_policy().calls
    try:
        answer = question(KINDS[system.kind](system.address))
    except TooManyRows:
        raise
    except SourceTrouble as trouble:
        rows.update(failures=F("failures") + 1, last_error=str(trouble)[:300])
        rest = at + timedelta(seconds=limits.rest_seconds)
        rows.filter(failures__gte=limits.failures).update(resting_until=rest)
        raise
    if system.failures:
        rows.update(failures=0, resting_until=None, last_error="")
    return answer
