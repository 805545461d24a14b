"""What publishing writes besides the publication: rows for lists and for questions across items."""

from collections.abc import Iterable
from itertools import islice

from banshi.catalog.guide.citing import cited_in
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import LINE
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
CITED_AT_MOST = 3000
BARE = {"materials", "steps", "promised_limit", "places"}
"""A guide that lacks all of these is only a catalogue line."""


def erase_projections(items: Iterable[Item]) -> None:
    for model in (Listing, PublishedBasis, PublishedMaterial, PublishedStep):
        model.objects.filter(item__in=items).delete()


def write_projections(published: list[tuple[Publication, Guide]]) -> None:
    """`published` with item, its organ and category at hand (select_related)."""
    Listing.objects.bulk_create([listing_of(*each) for each in published], ROWS_AT_ONCE)
    PublishedBasis.objects.bulk_create([row for each in published for row in _bases(each[0])], ROWS_AT_ONCE)
    PublishedMaterial.objects.bulk_create([row for each in published for row in _materials(*each)], ROWS_AT_ONCE)
    PublishedStep.objects.bulk_create([row for each in published for row in _steps(*each)], ROWS_AT_ONCE)


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


def _bases(publication: Publication) -> Iterable[PublishedBasis]:
    for position, each in enumerate(islice(cited_in(publication.revision.content), CITED_AT_MOST)):
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
