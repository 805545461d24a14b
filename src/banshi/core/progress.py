"""Progress callbacks of long work."""

from typing import Protocol


class Progress(Protocol):
    """Called as often as the work likes. `total` 0 is one not known yet."""

    def __call__(self, done: int, total: int = 0, message: str = "", /) -> None: ...


def no_progress(done: int, total: int = 0, message: str = "") -> None:
    """Ignore progress, the default of long work."""
