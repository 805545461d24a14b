"""Projections written with a publication, for lists and for questions across items."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from django.db.models import Model

from banshi.catalog.actions.drafts import content_of
from banshi.catalog.guide.citations import cited_in
from banshi.catalog.guide.completeness import is_catalogue_line
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import LINE
from banshi.catalog.guide.plain_language import fee_words, for_company, for_person, limit_words
from banshi.catalog.models import Item, Listing, Publication, PublishedBasis, PublishedMaterial, PublishedStep
from banshi.catalog.provenance import ALL
from banshi.core.json_types import JsonObject

ROWS_AT_ONCE = 1000
Published = tuple[Publication, Guide]
CITED_AT_MOST = 3000


def erase_projections(items: Iterable[Item]) -> None:
    for model in (Listing, PublishedBasis, PublishedMaterial, PublishedStep):
        model.objects.filter(item__in=items).delete()


def write_projections(published: list[Published], replaced: Mapping[int, dict[str, object]]) -> None:
    """Write what lists and search read of `published`, given with item, organ and category (select_related).

    `replaced` is by item, what was in force.
    """
    Listing.objects.bulk_create(
        [listing_of(*each) for each in published],
        ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=[field.name for field in Listing._meta.concrete_fields if not field.primary_key],
    )
    for model, reads, rows_of in PARTS:
        # Rows of a part stay where it reads the same of the guide.
        changed = [
            each
            for each in published
            if (before := replaced.get(each[0].item_id)) is None or reads(before) != reads(each[0].revision.content)
        ]
        if gone := [publication.item_id for publication, _ in changed if publication.item_id in replaced]:
            model._default_manager.filter(item__in=gone).delete()
        model._default_manager.bulk_create([row for each in changed for row in rows_of(*each)], ROWS_AT_ONCE)


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
        level=guide.level or ("" if publication.from_a_page else str(item.organ.division.level)),
        for_person=for_person(guide) if guide.audience else None,
        for_company=for_company(guide) if guide.audience else None,
        online=guide.online,
        limit_words=limit_words(guide.promised_limit)[:100],
        fee_words=fee_words(guide)[:100],
        visits=guide.visits,
        has_guide=not is_catalogue_line(guide),
        is_example=item.is_example,
        provenance=publication.revision.provenance[ALL],
        since=publication.since,
    )


def _bases(publication: Publication, guide: Guide) -> Iterable[PublishedBasis]:
    # Of the guide, whose elements have their order: PostgreSQL keeps none of what is stored.
    for position, each in enumerate(islice(cited_in(content_of(guide)), CITED_AT_MOST)):
        yield PublishedBasis(
            item=publication.item,
            position=position,
            path=each.path[:80],
            title=each.title[:LINE],
            doc_no=each.doc_no[:LINE],
            articles=each.articles[:LINE],
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


Reads = Callable[[JsonObject], Any]
PARTS: tuple[tuple[type[Model], Reads, Callable[[Publication, Guide], Iterable[Any]]], ...] = (
    (PublishedBasis, lambda content: list(cited_in(content)), _bases),
    (PublishedMaterial, lambda content: content.get("materials"), _materials),
    (PublishedStep, lambda content: content.get("steps"), _steps),
)
"""What is kept as rows of its own: the model, what its rows are read from, and what makes them."""
