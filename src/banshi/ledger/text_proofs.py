"""Registry of checks that a text is still the one an act has recorded by its digest."""

from collections.abc import Callable, Iterable, Sequence

from banshi.ledger.models import LedgerEntry

Mismatches = Iterable[tuple[LedgerEntry, str]]
Check = Callable[[Sequence[LedgerEntry]], Mismatches]
CHECKS: dict[str, Check] = {}


def prove_texts(*actions: str) -> Callable[[Check], Check]:
    """Decorate the check of these actions: it is given entries and answers with those whose text differs, and words.

    Put it in an app's `ledger_proofs` module, which is imported at start.
    """

    def register(check: Check) -> Check:
        CHECKS.update(dict.fromkeys(actions, check))
        return check

    return register


def differing_texts(entries: Sequence[LedgerEntry]) -> Mismatches:
    """Run the registered checks over a batch of entries."""
    by_check: dict[Check, list[LedgerEntry]] = {}
    for entry in entries:
        if check := CHECKS.get(entry.action):
            by_check.setdefault(check, []).append(entry)
    for check, group in by_check.items():
        yield from check(group)
