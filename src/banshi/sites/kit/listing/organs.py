"""Organs as a filter offers them."""

from django.db.models import QuerySet

from banshi.people.models import Organ
from banshi.sites.kit.address import as_key

LISTED = 200


def organ_options(organs: QuerySet[Organ], asked: str) -> list[tuple[str, str]] | str:
    """List the organs, where there are several, or return what stands in a field to type in, where they are too many."""
    found = [(str(pk), name) for pk, name in organs.values_list("pk", "name")[: LISTED + 1]]
    if len(found) <= LISTED:
        return found if len(found) > 1 else []
    known = organs.filter(pk=as_key(asked)).values_list("name", flat=True).first() if asked.isdecimal() else None
    return known or asked
