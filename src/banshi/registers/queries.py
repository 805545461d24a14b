"""Reads of the registers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from banshi.access import Permission
from banshi.catalog.codes import read_code
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import elements
from banshi.catalog.models import Item, ReferenceItem, Revision
from banshi.catalog.queries import items_visible_to
from banshi.people.models import User
from banshi.people.posts import organs_where
from banshi.registers.models import (
    Agency,
    Claim,
    Divergence,
    IntermediaryService,
    Offer,
    Power,
    Proposal,
    ReferenceEdition,
    RegisterEntry,
    Transfer,
)
from banshi.registers.three_way import ElementStanding, Standing, three_way
from banshi.registers.unified import without_files

BASE_CODE = 12
"""Digits of a base code; implementing codes hold one."""
SomeEntry = TypeVar("SomeEntry", bound=RegisterEntry)
ORDER = {element.name: place for place, element in enumerate(elements(Guide))}


def entries_visible_to(user: User, kind: type[SomeEntry], *, at: datetime) -> QuerySet[SomeEntry]:
    """List lines of a register that belong to organs whose items the user may see."""
    return (
        kind._default_manager.filter(organ__in=organs_where(user, Permission.ITEM_VIEW, at))
        .select_related("organ")
        .order_by("-id")
    )


# Reference catalogue


def editions_of(reference: ReferenceItem) -> QuerySet[ReferenceEdition]:
    """List editions, newest first."""
    return reference.editions.select_related("by").order_by("-number")


def newest_edition(reference: ReferenceItem | None) -> ReferenceEdition | None:
    return editions_of(reference).first() if reference else None


def items_behind(user: User, permission: Permission = Permission.ITEM_VIEW, *, at: datetime) -> QuerySet[Item]:
    """List items in use whose reference item has an edition they were not claimed at.

    Whether any element differs is told by `comparisons`.
    """
    newest = ReferenceEdition.objects.filter(reference=OuterRef("reference")).order_by("-number")
    return (
        items_visible_to(user, permission, at=at)
        .filter(state="active", reference__isnull=False)
        .annotate(newest_edition=Subquery(newest.values("pk")[:1]))
        .filter(newest_edition__isnull=False)
        .exclude(claim__edition=F("newest_edition"))
        .order_by("-id")
    )


@dataclass(frozen=True, slots=True)
class EditionComparison:
    """An item against the newest edition of its reference item, element by element in the order of the guide."""

    item: Item
    edition: ReferenceEdition
    claimed_at: ReferenceEdition | None
    text: Revision | None
    elements: tuple[ElementStanding, ...]
    divergences: dict[str, Divergence]

    @property
    def flagged(self) -> list[ElementStanding]:
        return [each for each in self.elements if each.standing.flagged]

    @property
    def own(self) -> list[ElementStanding]:
        """Filter elements in which the local text differs from the newest edition."""
        return [each for each in self.elements if each.standing in (Standing.OVERRIDDEN, Standing.DIVERGED)]


def comparison(item: Item) -> EditionComparison | None:
    """Compare an item with the newest edition.

    None when the item claims nothing, or nothing was issued yet of what it claims.
    """
    return next(iter(comparisons([item])), None)


def comparisons(items: Sequence[Item]) -> list[EditionComparison]:
    """Compare the items that can be, in the order given.

    Four queries however many they are.
    """
    references = {item.reference_id for item in items if item.reference_id}
    newest = newest_editions(references)
    keys = [item.pk for item in items]
    claims = {each.item_id: each.edition for each in Claim.objects.filter(item__in=keys).select_related("edition")}
    kept: dict[int, list[Divergence]] = {}
    for each in Divergence.objects.filter(item__in=keys).select_related("edition", "by"):
        kept.setdefault(each.item_id, []).append(each)
    written = Revision.objects.exclude(state=Revision.State.DISCARDED)
    last = written.filter(item=OuterRef("item")).order_by("-number").values("pk")[:1]
    texts = {each.item_id: each for each in written.filter(item__in=list(keys), pk=Subquery(last))}
    return [
        _compared(item, newest[item.reference_id], claims.get(item.pk), texts.get(item.pk), kept.get(item.pk, []))
        for item in items
        if item.reference_id in newest
    ]


def newest_editions(references: Iterable[int]) -> dict[int, ReferenceEdition]:
    """Find the newest by reference item."""
    last = ReferenceEdition.objects.filter(reference=OuterRef("reference")).order_by("-number").values("pk")[:1]
    found = ReferenceEdition.objects.filter(reference__in=list(references), pk=Subquery(last))
    return {each.reference_id: each for each in found}


def _compared(
    item: Item,
    newest: ReferenceEdition,
    claimed: ReferenceEdition | None,
    text: Revision | None,
    kept: list[Divergence],
) -> EditionComparison:
    """Compare three ways."""
    # What was kept or claimed under another reference item says nothing of this one.
    claimed = claimed if claimed and claimed.reference_id == newest.reference_id else None
    divergences = {each.element: each for each in kept if each.edition.reference_id == newest.reference_id}
    agreed = dict(claimed.content) if claimed else {}
    for each in divergences.values():
        if claimed is None or each.edition.number > claimed.number:
            agreed[each.element] = each.edition.content.get(each.element)
    bases = {name: value for name, value in agreed.items() if value is not None}
    local = {name: without_files(value) for name, value in text.content.items()} if text else {}
    found = sorted(three_way(bases, newest.content, local), key=lambda each: ORDER[each.name])
    return EditionComparison(item, newest, claimed, text, tuple(found), divergences)


def proposals_visible_to(user: User, *, at: datetime) -> QuerySet[Proposal]:
    mine = organs_where(user, Permission.ITEM_VIEW, at)
    return Proposal.objects.filter(item__organ__in=mine).select_related(
        "item__organ", "category", "proposed_by", "answered_by"
    )


# Powers


def cancelled_powers() -> QuerySet[Power]:
    """List those no organ may keep up under another name."""
    return Power.objects.exclude(cancelled_on=None).select_related("organ").order_by("id")


def items_under(power: Power) -> QuerySet[Item]:
    """List items in use of the power's organ that bear its name or code, which people come for when it is exercised."""
    same = Q(name=power.name)
    if power.code:
        same |= Q(code=power.code)
    if len(power.code) == BASE_CODE:
        same |= Q(code__contains=power.code)
    return Item.objects.filter(same, organ=power.organ_id, state="active").order_by("id")


def powers_behind(item: Item) -> QuerySet[Power]:
    """Return the other way round."""
    codes = {item.code, read_code(item.code).base_code} - {""}
    same = Q(name=item.name) if item.name else Q(pk__in=[])
    return Power.objects.filter(same | Q(code__in=codes), organ=item.organ_id).order_by("id")


# Intermediaries


def services_public(on: date) -> QuerySet[IntermediaryService]:
    """List those an approval may still ask for, each with `choices`: whether any agency is registered for it."""
    offered = offers_on(on).filter(service=OuterRef("pk"))
    asked = IntermediaryService.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on))
    return asked.select_related("organ", "item__listing").annotate(choices=Exists(offered))


def offers_on(on: date) -> QuerySet[Offer]:
    """List those of agencies registered on that day, with a qualification that holds."""
    return Offer.objects.filter(
        Q(until=None) | Q(until__gte=on),
        Q(agency__until=None) | Q(agency__until__gte=on),
        Q(agency__left_on=None) | Q(agency__left_on__gt=on),
    ).select_related("agency__organ")


def agencies_on(on: date) -> QuerySet[Agency]:
    """List agencies registered on that day, with what each offers."""
    valid = Prefetch("offers", offers_on(on).select_related("agency", "service"), to_attr="valid_offers")
    return (
        Agency.objects.filter(Q(until=None) | Q(until__gte=on), Q(left_on=None) | Q(left_on__gt=on))
        .select_related("organ")
        .prefetch_related(valid)
    )


# Transferable functions


def transfers_public() -> QuerySet[Transfer]:
    """List functions the office of establishment agreed to hand over, free to be taken, taken, and taken back."""
    shown = Transfer.objects.filter(state__in=("agreed", "transferred", "taken_back"))
    return shown.select_related("organ", "item__listing")
