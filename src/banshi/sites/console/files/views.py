"""Handing out stored files: public ones to everybody, others to who may see the organ's items or sent them in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from banshi.core.errors import Missing
from banshi.core.file_types import BY_MEDIA_TYPE
from banshi.core.models import StoredFile
from banshi.people.models import User
from banshi.people.posts import Anyone
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.permissions import Permission, organs_where


@require_safe
def download(request: HttpRequest, guid: UUID) -> HttpResponseBase:
    """Send a file.

    Only pictures and PDF open in the browser. Whatever else is saved. The browser must not guess types.
    """
    stored = StoredFile.objects.filter(guid=guid).first()
    if stored is None or not may_see(request.user, stored):
        raise Missing("没有这个文件")
    kind = BY_MEDIA_TYPE.get(stored.media_type)
    response = send_stored(stored, inline=kind is not None and kind.inline)
    response["Cache-Control"] = "public, max-age=600" if stored.public else "private, no-store"
    return response


def may_see(user: Anyone, stored: StoredFile) -> bool:
    if stored.public:
        return True
    if not isinstance(user, User):
        return False
    organs = organs_where(user, Permission.ITEM_VIEW)
    return stored.uploaded_by == user.ledger_id or (
        stored.organ_id is not None and organs.filter(pk=stored.organ_id).exists()
    )
