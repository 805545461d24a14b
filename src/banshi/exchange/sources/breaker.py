"""Circuit breaker over sources, kept in the database so that all processes rest together, and a bulkhead in each process."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import cache
from queue import SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import TypeVar

from django.db.models import F

from banshi.exchange.models import DataSystem
from banshi.exchange.policy import exchange_policy
from banshi.exchange.sources.base import NotAsDeclared, Source, SourceTrouble, TooManyRows, source_at

log = logging.getLogger("banshi.exchange")
T = TypeVar("T")
AT_ONCE = 2
"""Questions one process puts to one system at a time: fewer than its request threads, so that others are served."""
WAITS = 0.1
GRACE = 0.5


def ask(system: DataSystem, question: Callable[[Source], T], *, at: datetime, seconds: float | None = None) -> T:
    """Put a question to a system, unless it is resting after failures.

    Raises SourceTrouble, at the latest shortly after `seconds`, whatever the source does.
    """
    limits = exchange_policy().calls
    if not system.active:
        raise SourceTrouble("这个来源停用了")
    rest = at + timedelta(seconds=limits.rest_seconds)
    if system.resting_until:
        # Half-open: the first to come after the rest tries, for all.
        tries = DataSystem.objects.filter(pk=system.pk, resting_until=system.resting_until)
        if system.resting_until > at or not tries.update(resting_until=rest):
            raise SourceTrouble("这个来源接连出错，正在暂停")
    try:
        answer = _within(seconds or limits.seconds, system, question)
    except (TooManyRows, NotAsDeclared):
        _well(system)  # it answers, if too much or otherwise than meant
        raise
    except SourceTrouble as trouble:
        rows = DataSystem.objects.filter(pk=system.pk)
        rows.update(failures=F("failures") + 1, last_error=str(trouble)[:300])
        rows.filter(failures__gte=limits.failures).update(resting_until=rest)
        raise
    if system.failures:
        _well(system)
    return answer


def _well(system: DataSystem) -> None:
    DataSystem.objects.filter(pk=system.pk).update(failures=0, resting_until=None, last_error="")


def _within(seconds: float, system: DataSystem, question: Callable[[Source], T]) -> T:
    """Ask in a thread, which is left behind where it hangs and keeps its place in the bulkhead."""
    source = _source(system)  # a driver may take longer to load than a question may take
    bulkhead = _bulkhead(system.code)
    if not bulkhead.places.acquire(timeout=WAITS):
        raise SourceTrouble("这个来源太慢，前面问的还没有答完")
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(question(source))
        except SourceTrouble as trouble:
            answer.set_exception(trouble)
        except Exception:
            log.exception("the source %s broke", system.code)
            answer.set_exception(SourceTrouble("对方的来源出错了"))
        finally:
            bulkhead.places.release()

    bulkhead.questions.put(run)
    try:
        return answer.result(seconds + GRACE)
    except TimeoutError as late:
        raise SourceTrouble("对方没有在规定的时间里答复") from late


def _source(system: DataSystem) -> Source:
    try:
        return source_at(system.kind, system.address)
    except SourceTrouble:
        raise
    except Exception as broken:
        log.exception("the source %s broke", system.code)
        raise SourceTrouble("对方的来源出错了") from broken


class _Bulkhead:
    """Threads that ask one system, as many as it has places, and none that keeps a process from ending."""

    def __init__(self, code: str) -> None:
        self.places, self.questions = BoundedSemaphore(AT_ONCE), SimpleQueue[Callable[[], None]]()
        for _ in range(AT_ONCE):
            Thread(target=self._ask, name=f"exchange-{code}", daemon=True).start()

    def _ask(self) -> None:
        while True:
            self.questions.get()()


@cache
def _bulkhead(code: str) -> _Bulkhead:
    return _Bulkhead(code)


os.register_at_fork(after_in_child=_bulkhead.cache_clear)
