"""The privacy notice (个人信息保护法 §17), kept as data an office edits."""

import tomllib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def show_privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"told": tomllib.loads(settings.PRIVACY_NOTICE.read_text("utf-8"))})
