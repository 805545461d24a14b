"""The reference catalogue against what local organs have claimed of it."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from banshi.catalog.models import Item, ReferenceItem
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.people.models import User
from banshi.sites.kit.permissions import Permission, organs_where

PROPOSED = 8
ALIKE_ENOUGH = 30


def references_with_claims(user: User, claimed: bool | None = None) -> QuerySet[ReferenceItem]:
    """Mark each with `claimed`, whether any unit's item in use answers to it, or keep only those.

    Of units whose items the person may not see it counts what is published.
    """
    published = Q(publications__until=None, publications__isnull=False)
    known = Q(pk__in=items_visible_to(user, at=now()).values("pk")) | published
    claims = Item.objects.filter(known, reference=OuterRef("pk"), state="active")
    found = ReferenceItem.objects.select_related("category").annotate(claimed=Exists(claims.values("pk")))
    return found if claimed is None else found.filter(claimed=claimed)


def likely_references(user: User, item: Item) -> list[ReferenceItem]:
    """List those whose names are most like the item's, the likest first."""
    from rapidfuzz import fuzz, process

    names = dict(ReferenceItem.objects.values_list("pk", "name"))
    alike = process.extract(item.name, names, scorer=fuzz.ratio, limit=PROPOSED, score_cutoff=ALIKE_ENOUGH)
    found = references_with_claims(user).in_bulk([key for _, _, key in alike])
    return [found[key] for _, _, key in alike]


def claimed_beside(item: Item, references: Iterable[ReferenceItem]) -> dict[int, list[str]]:
    """Map what other items in use of the same organ answer to, to their names."""
    others = Item.objects.filter(organ=item.organ_id, state="active", reference__in=references).exclude(pk=item.pk)
    found: dict[int, list[str]] = {}
    for reference, name in others.order_by("pk").values_list("reference_id", "name"):
        found.setdefault(reference, []).append(name)
    return found


def self_coded_items(user: User) -> QuerySet[Item]:
    """List items in use that answer to no reference item, made here or not yet claimed, and whether the user may claim them."""
    held = organs_where(user, Permission.ITEM_EDIT)
    found = items_visible_to(user, at=now()).filter(reference=None, state="active")
    return found.annotate(may_claim=Q(organ__in=held)).order_by("-id")


def matching(text: str) -> Q:
    return Q(name__icontains=text) | Q(base_code__startswith=text)
