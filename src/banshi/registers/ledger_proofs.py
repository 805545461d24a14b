"""Proof for the ledger that lines of registers are still those that acts have recorded."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts
from banshi.registers.actions.entries import facts_of
from banshi.registers.models import RegisterEntry

KINDS = {each._meta.model_name: each for each in apps.get_models() if issubclass(each, RegisterEntry)}
ENDING = ("registers.cancel_power", "registers.end_service", "registers.strike_agency")
SAYING = (*(f"registers.{verb}_{kind}" for kind in KINDS for verb in ("add", "change")), *ENDING)
REMOVING = tuple(f"registers.remove_{kind}" for kind in KINDS)
NOT_COMPARED = {"created_at", "state", "item", "receiver", "receiver_uscc", "document", "transferred_on", "ended_why"}
"""Columns that moves set, that lose what they name, or whose spelling depends on the clock's zone."""


@prove_texts(*SAYING)
def differing_lines(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest of these entries of a line that does not say what was recorded last."""
    subjects = {entry.subject: entry for entry in entries}
    acts = LedgerEntry.objects.filter(subject__in=subjects, action__in=(*SAYING, *REMOVING)).order_by("number")
    newest = {act.subject: act for act in acts}
    rows: dict[str, Any] = {}
    for label in {subject.rpartition(":")[0] for subject in subjects}:
        keys = [key_of(entry) for subject, entry in subjects.items() if subject.startswith(f"{label}:")]
        there: Any = apps.get_model(label)._default_manager.in_bulk(keys)
        rows |= {f"{label}:{key}": row for key, row in there.items()}
    for subject, entry in subjects.items():
        removed = newest[subject].action in REMOVING
        if subject not in rows:
            if not removed:
                yield entry, "不在了：清单里的这一行被删去"
            continue
        said = newest[subject].facts
        said = said.get("after", said)
        present = json.loads(json.dumps(facts_of(rows[subject]), cls=DjangoJSONEncoder))
        if any(value != said[name] for name, value in present.items() if name in said.keys() - NOT_COMPARED):
            yield entry, "被改动过：清单里的这一行与记录不符"
