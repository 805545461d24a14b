"""What publishing writes besides the publication: rows for lists and for questions across items."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Model

from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.sentences import fee_words, for_company, for_person, limit_words
from banshi.catalog.models import (
    Item,
    Listing,
    Publication,
    PublishedBasis,
    PublishedMaterial,
    PublishedStep,
)

ROWS_AT_ONCE = 1000
Published = tuple[Publication, Guide]
BARE = {"materials", "steps", "promised_limit", "places"}
"""A guide that lacks all of these is only a catalogue line."""


def erase_projections(items: Iterable[Item]) -> None:
    for model in (Listing, PublishedBasis, PublishedMaterial, PublishedStep):
        model.objects.filter(item__in=items).delete()


def write_projections(published: list[Published], replaced: Mapping[int, dict[str, Any]]) -> None:
    """`published` with item, its organ and category at hand (select_related); `replaced`: by item, what was in force."""
    Listing.objects.bulk_create(
        [listing_of(*each) for each in published],
        ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=[field.name for field in Listing._meta.concrete_fields if not field.primary_key],
    )
    for part, (model, rows_of) in PARTS.items():
        changed = [each for each in published if _differs(part, each[0], replaced.get(each[0].item_id))]
        if gone := [publication.item_id for publication, _ in changed if publication.item_id in replaced]:
            model._default_manager.filter(item__in=gone).delete()
        model._default_manager.bulk_create([row for each in changed for row in rows_of(*each)], ROWS_AT_ONCE)


def _differs(part: str, publication: Publication, replaced: dict[str, Any] | None) -> bool:
    """A part's rows follow from what the guide says there and nothing else: said the same, they stay."""
    return replaced is None or replaced.get(part) != publication.revision.content.get(part)


def listing_of(publication: Publication, guide: Guide) -> Listing:
    item = publication.item
    return Listing(
        item=item,
        publication=publication,
        organ_id=item.organ_id,
        division_id=item.organ.division_id,
        category_id=item.category_id,
        name=guide.name,
        summary=guide.summary[:300],
        kind=item.kind,
        level=guide.level or str(item.organ.division.level),
        for_person=for_person(guide),
        for_company=for_company(guide),
        online=bool(guide.online),
        limit_words=limit_words(guide.promised_limit)[:100],
        fee_words=fee_words(guide)[:100],
        visits=guide.visits,
        has_guide=has_guide(guide),
        is_example=item.is_example,
        since=publication.since,
    )


def has_guide(guide: Guide) -> bool:
    return not {lack.path for lack in completeness(guide).lacks} >= BARE


def _bases(publication: Publication, guide: Guide) -> Iterable[PublishedBasis]:
    for place, each in enumerate(guide.bases):
        yield PublishedBasis(
            item=publication.item, position=place, title=each.title, doc_no=each.doc_no, articles=each.articles
        )


def _materials(publication: Publication, guide: Guide) -> Iterable[PublishedMaterial]:
    for place, each in enumerate(guide.materials):
        yield PublishedMaterial(
            item=publication.item,
            position=place,
            name=each.name,
            issuer=each.issuer,
            necessity=each.necessity,
            shared=each.shared,
            commitment_ok=each.commitment_ok,
        )


def _steps(publication: Publication, guide: Guide) -> Iterable[PublishedStep]:
    for place, each in enumerate(guide.steps):
        yield PublishedStep(
            item=publication.item, position=place, name=each.name, kind=each.kind, actor=each.actor, group=each.group
        )


PARTS: dict[str, tuple[type[Model], Callable[[Publication, Guide], Iterable[Any]]]] = {
    "bases": (PublishedBasis, _bases),
    "materials": (PublishedMaterial, _materials),
    "steps": (PublishedStep, _steps),
}
"""Elements of the guide kept as rows of their own, each by its model and what makes its rows."""
