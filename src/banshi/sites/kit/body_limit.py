"""Refusal of bodies that are larger than anything we take, before they are read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from banshi.core.errors import BanshiError
from banshi.sites.kit.errors import page_before


class BodyTooLarge(BanshiError):
    status = 413


class BodyWithoutLength(BanshiError):
    """A body in chunks, whose end nobody knows."""

    status = 411


class BodyLimit:
    """Middleware: 413 by the announced length, with which the server reads no further than that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced, limit = request.META.get("CONTENT_LENGTH") or "", settings.BODY_SIZE_LIMIT
        if not announced and "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return _refused(
                request, BodyWithoutLength("没有写明内容有多长，没有接收", remedy="请写明 Content-Length 再发送。")
            )
        if announced.isdecimal() and int(announced) > limit:
            size, most = int(announced) // 1024 // 1024, limit // 1024 // 1024
            remedy = "已经填好保存的都还在。请返回上一页，压缩图片，或者分几次上传。"
            error = BodyTooLarge(f"一次上传了{size}MB，超过{most}MB，没有接收", remedy=remedy)
            return _refused(request, error)
        return self.get_response(request)


def _refused(request: HttpRequest, error: BanshiError) -> HttpResponse:
    """Answer without the session, the user and the form, which are behind the body."""
    if request.path.startswith("/api/"):
        told = {"type": "about:blank", "title": error.message, "status": error.status, "detail": error.message}
        told |= {"instance": request.path, "where": "", "remedy": error.remedy, "errors": []}
        return JsonResponse(told, status=error.status, content_type="application/problem+json")
    if request.headers.get("Accept", "").startswith("application/json") or request.headers.get("HX-Request"):
        return JsonResponse({"message": error.message, "remedy": error.remedy}, status=error.status)
    return render(
        None, "kit/errors/too_large.html", {"error": error, "back": page_before(request)}, status=error.status
    )
