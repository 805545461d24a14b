"""Files of a guide: blank forms, filled samples, sample results. Kept for the item's organ, public once published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, JsonResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_GET, require_POST
from pydantic import BaseModel

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import elements
from banshi.catalog.guide.files import PURPOSE
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.core.models import StoredFile
from banshi.files import keep
from banshi.people.models import Organ, User
from banshi.sites.kit.address import as_guid
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.permissions import Permission, organs_where
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for
from banshi.sites.workbench.editor.form_data import FormData, FormRow


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a typed guide that holds a file's guid."""

    name: str
    holder: FormData
    key: str

    @property
    def value(self) -> str:
        return str(self.holder[self.key])


def slots(typed: FormData, document: type[BaseModel] = Guide, prefix: str = "") -> Iterator[Slot]:
    for each in elements(document):
        name = prefix + each.name
        if each.file:
            yield Slot(name, typed, each.name)
        elif each.kind == "rows":
            rows = cast(list[FormRow], typed[each.name])
            for row in rows:
                yield from slots(row.values, cast(type[BaseModel], each.rows), f"{name}.{row.token}.")


def keep_uploads(
    typed: FormData, files: MultiValueDict[str, UploadedFile], *, organ: Organ, by: User, at: datetime
) -> dict[str, str]:
    """Store uploads of the form and write their guids in their place.

    Returns what was refused, by field.
    """
    refused = {}
    for slot in slots(typed):
        if slot.name in files:
            upload = cast(UploadedFile, files[slot.name])
            try:
                slot.holder[slot.key] = str(_kept(upload, organ, by, at).guid)
            except BadInput as error:
                refused[slot.name] = str(error)
    return refused | _drop_foreign(typed, organ)


def _drop_foreign(typed: FormData, organ: Organ) -> dict[str, str]:
    """Drop files of other organs, whatever a request says."""
    named = [slot for slot in slots(typed) if slot.value]
    if not named:
        return {}
    wanted = {guid for slot in named if (guid := as_guid(slot.value))}
    own = StoredFile.objects.filter(guid__in=wanted, organ_id=organ.pk, purpose=PURPOSE)
    known = {str(guid) for guid in own.values_list("guid", flat=True)}
    foreign = [slot for slot in named if slot.value not in known]
    for slot in foreign:
        slot.holder[slot.key] = ""
    return {slot.name: "找不到这个文件，请重新上传" for slot in foreign}


def _kept(file: UploadedFile, organ: Organ, by: User, at: datetime) -> StoredFile:
    return keep(cast(Any, file), name=file.name or "文件", purpose=PURPOSE, organ=organ, by=by, at=at)


@login_required
@require_POST
def upload(request: StaffRequest, guid: UUID) -> JsonResponse:
    """Keep one file on its own (scripts): answers with its guid and address, or says why it is refused."""
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"message": "没有收到文件，请再选一次"}, status=422)
    try:
        stored = _kept(file, item.organ, request.user, now())
    except BadInput as error:
        return JsonResponse({"message": str(error)}, status=422)
    return JsonResponse(
        {"guid": str(stored.guid), "name": stored.name, "url": reverse("workbench:file", args=[stored.guid])}
    )


@login_required
@require_GET
def download(request: StaffRequest, guid: UUID) -> FileResponse:
    """Send a stored file, for whoever may see its organ's items."""
    organs = organs_where(request.user, Permission.ITEM_VIEW).values("pk")
    stored = StoredFile.objects.filter(guid=guid, purpose=PURPOSE, organ_id__in=organs).first()
    if stored is None:
        raise Missing("没有找到这个文件")
    return send_stored(stored)
