"""Pages that come back without network: a service worker keeps them, and the files they load, and nothing else."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from banshi.core.crypto import digest

HEADER = "X-Kept-Offline"
FILES = ("banshi.css", "hall.css", "hall.js", "staff.css", "staff.js", "icons.svg")
"""Of kit/dist, which the pages that are kept load."""


def kept_offline(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a page for the service worker to keep."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        response = view(request, *args, **values)
        if request.method in ("GET", "HEAD"):
            response[HEADER] = "1"
        return response

    return marked


@require_safe
def send_worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker with the addresses of the files it keeps, under a version that changes with any of them."""
    code = Path(str(finders.find("kit/dist/offline.js"))).read_text(encoding="utf-8")
    files = [static(f"kit/dist/{each}") for each in FILES] + [static("kit/favicon.svg")]
    told = {"files": files, "version": digest(f"{settings.VERSION}{code}{files}".encode())[:16], "header": HEADER}
    body = f"const BANSHI = {json.dumps(told)};\n{code}"
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
