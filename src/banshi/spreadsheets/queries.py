"""Queries of imports and of who may import for whom."""

from datetime import datetime

from django.db.models import QuerySet

from banshi.access import Permission
from banshi.catalog.models import Item
from banshi.core.models import StoredFile
from banshi.files import open_file
from banshi.people.models import Division, Organ, User
from banshi.people.posts import organs_where, permissions_of
from banshi.spreadsheets.models import ImportBatch, ImportedRow
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.workbook_reader import SourceWorkbook, read_bytes


def batches_of(user: User) -> QuerySet[ImportBatch]:
    """List a person's own imports, newest first."""
    return ImportBatch.objects.filter(created_by=user.pk).select_related("file", "division")


def owners_for(
    user: User, *, division: Division, owner: int | None = None, create: bool = False, at: datetime
) -> Owners:
    """List all organs, to tell the unknown from the foreign.

    Those the person may import for go first where names repeat.
    """
    allowed = set(organs_where(user, Permission.ITEM_IMPORT, at).values_list("pk", flat=True))
    organs = sorted(
        Organ.objects.filter(active=True).select_related("division"),
        key=lambda o: (o.pk not in allowed, o.division_id != division.pk, o.pk),
    )
    default = next((organ for organ in organs if organ.pk == owner and organ.pk in allowed), None)
    if default is None and len(allowed) == 1:
        default = next(organ for organ in organs if organ.pk in allowed)
    return Owners(organs, allowed=None if create else allowed, default=default, create=create, home=division.pk)


def owners_of(batch: ImportBatch, user: User, *, at: datetime) -> Owners:
    """Return the owners as the batch's options say: `owner` for rows that name none, `create_organs`."""
    owner = batch.mapping.get("owner")
    create = bool(batch.mapping.get("create_organs")) and may_create_organs(user, at=at)
    return owners_for(user, division=batch.division, owner=int(owner) if owner else None, create=create, at=at)


def unplaced_of(item: Item) -> QuerySet[ImportedRow]:
    """List rows of imports of which something was not placed in the item's guide, newest first.

    For staff only.
    """
    return ImportedRow.objects.filter(item=item).exclude(unplaced=[]).select_related("batch__file").order_by("-id")


def may_create_organs(user: User, *, at: datetime) -> bool:
    return Permission.PEOPLE_MANAGE in permissions_of(user, at)


def book_of(file: StoredFile) -> SourceWorkbook:
    with open_file(file) as content:
        return read_bytes(content.read(), name=file.name)
