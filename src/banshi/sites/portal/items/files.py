"""Blank forms and filled samples that guides refer to."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from banshi.core.errors import Missing
from banshi.core.models import StoredFile
from banshi.sites.kit.downloads import send_stored


@require_safe
def send_file(request: HttpRequest, guid: UUID) -> FileResponse:
    stored = StoredFile.objects.filter(guid=guid, public=True).first()
    if stored is None:
        raise Missing("没有这个文件", remedy="请回到办事指南，从那里下载。")
    return send_stored(stored)
