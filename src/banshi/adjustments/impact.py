"""Impact of an adjustment on other records, shown before anybody decides."""

from dataclasses import dataclass

from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, LifeEvent, PublishedMaterial
from banshi.rulebook.models import CommitmentForm, ProofKept
from banshi.rulebook.proof_names import made_by, shipped_dictionary

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Effects:
    """The impact of an adjustment.

    `proof` is what the item gives out, `demanded` the materials of other items that ask for it.
    """

    proof: str
    demanded: list[PublishedMaterial]
    more: bool
    proofs: list[ProofKept]
    commitments: list[CommitmentForm]
    life_events: list[LifeEvent]

    def __bool__(self) -> bool:
        return bool(self.demanded or self.proofs or self.commitments or self.life_events)


def effects_of(item: Item, guide: Guide) -> Effects:
    meaning = made_by(guide.name, guide.result_name, shipped_dictionary())
    proof = meaning.proof if meaning else ""
    demanded: list[PublishedMaterial] = []
    if proof:
        # In force under any name of the proof, in the item's city or county line and below.
        names = {proof, guide.result_name} | {
            name for name, meant in shipped_dictionary().names.items() if meant == proof
        }
        line = item.organ.division_id[:4]
        found = PublishedMaterial.objects.filter(name__in=names - {""}, item__organ__division__code__startswith=line)
        found = found.exclude(item=item).select_related("item__organ").order_by("item_id")
        demanded = list(found[: SHOWN + 1])
    return Effects(
        proof,
        demanded[:SHOWN],
        len(demanded) > SHOWN,
        list(ProofKept.objects.filter(item=item, until=None)),
        list(CommitmentForm.objects.filter(item=item)),
        list(LifeEvent.objects.filter(items=item)),
    )
