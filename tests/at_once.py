"""Several people at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from banshi.core.errors import BanshiError
from tests.processes import DEADLINE


def at_once(work: Callable[[int], Any], people: int = 8) -> list[Any]:
    """What each of `people` threads got, all begun together: a result, or the refusal it met."""
    ready = Barrier(people)

    def one(number: int) -> Any:
        try:
            ready.wait(DEADLINE)
            return work(number)
        except BanshiError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))
