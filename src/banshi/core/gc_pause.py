"""Leaving the garbage collector alone while a great many small objects are made that all stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

FEW = 50_000
"""Containers whose walk costs less than counting what was frozen, which goes through all of it."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Suspend garbage collection, which would take half of the time for so many objects.

    At the end they count as old at once, where they are many and nothing was frozen before. Else the next object made
    would have all of them walked through.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if gc.get_count()[0] > FEW and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
