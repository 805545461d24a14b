"""Work counted instead of timed: seconds tell how busy the machine is, too."""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

import pytest

Each = TypeVar("Each")
HANGS = 600
"""Seconds of the processor after which something that takes one or two hangs."""


def examples(number: int, share: int = 3) -> int:
    """So many generated examples in the nightly run, and a third of them in the usual one, or another share."""
    return number if os.environ.get("BANSHI_TEST_ALL") else -(-number // share)


def sample(cases: Iterable[Each], every: int) -> list[Each]:
    """Take all in the nightly run, and in the usual one each so-manieth, from the first."""
    return list(cases)[:: 1 if os.environ.get("BANSHI_TEST_ALL") else every]


def daily(cases: Iterable[Any], every: int) -> list[Any]:
    """Mark as nightly all parameters but each so-manieth, from the first."""
    sets = [each if isinstance(each, tuple) else (each,) for each in cases]
    return [pytest.param(*each, marks=pytest.mark.nightly if place % every else ()) for place, each in enumerate(sets)]


def lines_run(work: Callable[[], object]) -> int:
    """Count the lines of Python this thread runs: a loop inside a loop shows, however fast the machine."""
    count, before = 0, sys.gettrace()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@contextmanager
def no_hang() -> Iterator[None]:
    """Fail where a search without an end stands, also within a regular expression, instead of going on for ever."""

    def fail(*_: object) -> None:
        raise AssertionError(f"not ready after {HANGS} seconds of the processor")

    before = signal.signal(signal.SIGPROF, fail)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
