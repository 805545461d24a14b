"""Proof for the ledger that lines of registers, editions and proposals are still those that acts have recorded."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Exists, F, Field, ForeignKey, Model, OuterRef

from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.models import Item
from banshi.core.json_types import JsonObject
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, newest_acts, prove_texts, prove_whole, subject_named
from banshi.registers.actions.entries import facts_of
from banshi.registers.models import Divergence, Offer, Proposal, ReferenceEdition, RegisterEntry

NAMED = ("cancel_power", "end_service", "strike_agency", "offer_service")
MOVED = ("agree", "refuse", "hand_over", "take_back", "withdraw")
CASCADES = {"agency": "registers.Agency", "service": "registers.IntermediaryService"}
"""What an offer is gone with."""


def lines() -> list[type[Model]]:
    """List the models of registers' lines."""
    return [each for each in apps.get_models() if issubclass(each, RegisterEntry)] + [Offer]


def actions_on_lines() -> Iterator[str]:
    for model in lines():
        yield from (f"registers.{verb}_{model._meta.model_name}" for verb in ("add", "change"))
    yield from (f"registers.{name}" for name in NAMED)
    yield from (f"registers.{name}_transfer" for name in MOVED)


def differing_lines(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest of these entries of a line that has other facts now, or is gone without an act."""
    newest = {entry.subject: entry for entry in entries}
    history: dict[str, list[LedgerEntry]] = {subject: [] for subject in newest}
    acts = LedgerEntry.objects.filter(subject__in=newest, action__startswith="registers.")
    for act in acts.order_by("number"):
        history[act.subject].append(act)
    for subject, entry in newest.items():
        label = subject.partition(":")[0]
        line = apps.get_model(label)._default_manager.filter(pk=key_of(entry)).first()
        if line is None:
            if not _was_removed(history[subject]):
                yield entry, "不在了：名录里的一条被删去"
        elif changed := [name for name, value in _recorded(history[subject]).items() if not _is_so(line, name, value)]:
            yield entry, f"被改动过：名录里“{line}”的{'、'.join(changed)}与记录不符"


prove_texts(*actions_on_lines())(differing_lines)


def _was_removed(acts: Sequence[LedgerEntry]) -> bool:
    if acts[-1].action.startswith(("registers.remove_", "registers.end_offer")):
        return True
    owners = [f"{label}:{acts[-1].facts[name]}" for name, label in CASCADES.items() if name in acts[-1].facts]
    return LedgerEntry.objects.filter(subject__in=owners, action__startswith="registers.remove_").exists()


def _recorded(acts: Iterable[LedgerEntry]) -> JsonObject:
    """Merge what the acts say of a line, without its state, which its history proves."""
    said: JsonObject = {}
    for act in acts:
        said |= act.facts.get("after", act.facts)
    return {name: value for name, value in said.items() if name != "state"}


def _is_so(line: Model, name: str, recorded: object) -> bool:
    """Compare as the column reads it, where a reference to what was deleted may be empty."""
    present = facts_of(line)
    if name not in present:
        return True
    if json.loads(json.dumps(present[name], cls=DjangoJSONEncoder)) == recorded:
        return True
    field = line._meta.get_field(name)
    if not isinstance(field, Field):
        return False
    if isinstance(field, ForeignKey):
        named = field.related_model._default_manager.filter(pk=recorded)
        return present[name] is None and not named.exists()
    value = present[name]
    if isinstance(value, datetime):  # facts keep thousandths of a second
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
    return bool(field.to_python(recorded) == value)


@prove_whole
def lines_without_acts() -> Iterator[str]:
    """Tell the first line of each register that no act has added."""
    for model in lines():
        act = LedgerEntry.objects.filter(subject=OuterRef("named"), action__startswith="registers.")
        for line in (
            model._default_manager.annotate(named=subject_named(model, F("pk"))).filter(~Exists(act)).order_by("pk")[:1]
        ):
            yield f"名录里的“{line}”（{model._meta.label}:{line.pk}）不是办出来的：没有它的记录"


def _went_with_item(entry: LedgerEntry) -> bool:
    """Tell whether the item it was about was deleted by an act."""
    item = entry.facts["item"]
    act = LedgerEntry.objects.filter(subject=f"catalog.Item:{item}", action="catalog.delete_item")
    return act.exists() and not Item.objects.filter(pk=item).exists()


@prove_texts("registers.issue_edition")
def differing_editions(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = ReferenceEdition.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        edition, facts = kept.get(key_of(entry)), entry.facts
        if edition is None:
            yield entry, "不在了：参考目录的一版被删去"
        elif (edition.number, edition.document) != (facts["number"], facts["document"]) or facts.get("digest") not in (
            None,
            content_digest(edition.content),
        ):
            yield entry, "被改动过：参考目录的这一版与记录不符"


@prove_texts("registers.keep_own")
def differing_divergences(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Divergence.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        divergence = kept.get(key_of(entry))
        said = divergence and (divergence.item_id, divergence.element, divergence.reason)
        if not divergence and _went_with_item(entry):
            continue
        if said != (entry.facts["item"], entry.facts["element"], entry.facts["reason"]):
            yield entry, "被改动过：保留本地写法的理由与记录不符，或被删去"


ANSWERS = {
    "registers.accept_proposal": "answer",
    "registers.decline_proposal": "answer",
    "registers.withdraw_proposal": "reason",
}


@prove_texts("registers.propose_upward")
def differing_proposals(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Proposal.objects.in_bulk([key_of(each) for each in entries])
    answers = {subject: act.facts[ANSWERS[act.action]] for subject, act in newest_acts(entries, *ANSWERS).items()}
    for entry in entries:
        proposal, facts = kept.get(key_of(entry)), entry.facts
        if proposal is None and _went_with_item(entry):
            continue
        if proposal is None:
            yield entry, "不在了：上报的自编事项被删去"
        elif (proposal.item_id, proposal.name, proposal.base_code, proposal.answer) != (
            facts["item"],
            facts["name"],
            facts["base_code"],
            answers.get(entry.subject, ""),
        ):
            yield entry, "被改动过：上报的自编事项或对它的答复与记录不符"
