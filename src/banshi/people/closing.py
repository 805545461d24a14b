"""Checks that apps above make before an organ is closed."""

from collections.abc import Callable

from banshi.people.models import Organ

Check = Callable[[Organ], None]
_checks: list[Check] = []


def before_closing(check: Check) -> Check:
    """Register code that raises Conflict while an organ has something to hand over first."""
    _checks.append(check)
    return check


def check_closing(organ: Organ) -> None:
    for each in _checks:
        each(organ)
