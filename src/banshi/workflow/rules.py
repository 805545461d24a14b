"""Guards of moves: small predicates registered under a code, which definitions name in `rules = [...]`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Predicate = Callable[[Any, datetime], bool]


@dataclass(frozen=True, slots=True)
class MoveGuard:
    """A guard and the sentence said when it does not hold. `related` are relations it reads, fetched with the lock."""

    code: str
    refusal: str
    remedy: str
    related: tuple[str, ...]
    holds: Predicate


_rules: dict[str, MoveGuard] = {}


def rule(
    code: str, refusal: str, *, remedy: str = "请刷新页面，按页面上的按钮办理。", related: tuple[str, ...] = ()
) -> Callable[[Predicate], Predicate]:
    """Register a guard.

    Among many subjects it is asked for each, so it reads only the row and what is `related`.
    """

    def keep(holds: Predicate) -> Predicate:
        if code in _rules:
            raise ValueError(f"a rule of this code is registered already: {code}")
        _rules[code] = MoveGuard(code, refusal, remedy, related, holds)
        return holds

    return keep


def rule_named(code: str) -> MoveGuard:
    return _rules[code]


def is_registered(code: str) -> bool:
    return code in _rules
