"""Registries of checks that what acts have recorded is still there, and that what is there was recorded."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import CharField, F, Model, OuterRef, Value
from django.db.models.functions import Cast, Concat

from banshi.ledger.models import LedgerEntry

Mismatches = Iterable[tuple[LedgerEntry, str]]
Check = Callable[[Sequence[LedgerEntry]], Mismatches]
CHECKS: dict[str, Check] = {}
WHOLE: list[Callable[[], Iterable[str]]] = []


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
        yield from _differing(check, group)


def _differing(check: Check, entries: Sequence[LedgerEntry]) -> list[tuple[LedgerEntry, str]]:
    """Ask one by one where a forged entry lacks what the check looks for."""
    try:
        return list(check(entries))
    except (LookupError, TypeError, ValueError):
        if len(entries) == 1:
            return [(entries[0], "无从核对：记录的内容不全")]
        return [found for each in entries for found in _differing(check, [each])]


def prove_whole(check: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    """Decorate a check that tells in words of traces of acts without an entry.

    Also in `ledger_proofs`.
    """
    WHOLE.append(check)
    return check


def key_of(entry: LedgerEntry) -> int:
    """Return the primary key of the entry's subject."""
    return int(entry.subject.rpartition(":")[2])


def newest_acts(entries: Iterable[LedgerEntry], *actions: str) -> dict[str, LedgerEntry]:
    """Return by subject the last of these acts on what the entries are about."""
    acts = LedgerEntry.objects.filter(subject__in=[each.subject for each in entries], action__in=actions)
    return {act.subject: act for act in acts.order_by("number")}


def subject_named(model: type[Model], key: F | OuterRef) -> Concat:
    """Build what entries call a row of the model, by its key."""
    return Concat(Value(f"{model._meta.label}:"), Cast(key, CharField()))
