"""The guide to take along: PDF, Word, the one-page notice, the QR code, the book of a category or organ."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from banshi.catalog.guide.completeness import is_catalogue_line
from banshi.catalog.models import Category, Publication
from banshi.catalog.printables import guide_book, guide_docx, guide_pdf, notice, notice_pdf
from banshi.catalog.provenance import Provenance
from banshi.catalog.queries import public_publications
from banshi.core.clock import today
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Missing
from banshi.documents.qr import qr_svg
from banshi.people.models import Organ
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.portal.items.queries import NOT_HERE, WHAT_NOW, once_public, present, versions_of

BOOK_AT_MOST = 300
"""Guides in one book made while somebody waits; larger ones are narrowed by department."""


@require_safe
def send_guide_pdf(request: HttpRequest, guid: UUID) -> HttpResponse:
    return _paper(request, present(guid), guide_pdf, name="{}办事指南.pdf")


@require_safe
def send_guide_docx(request: HttpRequest, guid: UUID) -> HttpResponse:
    return _paper(request, present(guid), guide_docx, name="{}办事指南.docx", attached=True)


@require_safe
def show_notice(request: HttpRequest, guid: UUID) -> HttpResponse:
    publication = _told(present(guid))
    context = {"notice": notice(publication, url=address_of(guid)), "item": publication.item}
    return render(request, "portal/notice_sheet.html", context)


@require_safe
def send_notice(request: HttpRequest, guid: UUID) -> HttpResponse:
    return _paper(request, present(guid), notice_pdf, name="{}一次性告知书.pdf")


@require_safe
def send_qr(request: HttpRequest, guid: UUID) -> HttpResponse:
    # An old version's page shows it too, after the guide has ended.
    if not versions_of(once_public(guid)).exists():
        raise Missing(NOT_HERE, remedy=WHAT_NOW)
    response = send_bytes(qr_svg(address_of(guid)), "qr.svg", inline=True)
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def send_category_book(request: HttpRequest, code: str) -> HttpResponse:
    category = Category.objects.filter(pk=code).first()
    if category is None:
        raise Missing("没有这个类别")
    page = reverse("portal:category", args=[code])
    own = public_publications().exclude(listing__provenance=Provenance.PAGE)
    return _book(request, own.filter(listing__category=category), str(category), page)


@require_safe
def send_organ_book(request: HttpRequest, number: int) -> HttpResponse:
    organ = Organ.objects.filter(pk=number, active=True).first()
    if organ is None:
        raise Missing("没有这个单位")
    page = reverse("portal:organ", args=[number])
    return _book(request, public_publications().filter(listing__organ=organ), str(organ), page)


def address_of(guid: UUID) -> str:
    return settings.SITE_URL + reverse("portal:item", args=[guid])


def _told(publication: Publication) -> Publication:
    """Refuse to print a catalogue line as if it were a guide."""
    if is_catalogue_line(publication.revision.guide):
        raise Missing("这个事项的办事指南还没有公布", remedy="公布以后这里就能下载；急着办的，请先问办理单位。")
    return publication


def _paper(
    request: HttpRequest,
    publication: Publication,
    make: Callable[..., bytes],
    *,
    name: str,
    attached: bool = False,
) -> HttpResponse:
    _told(publication)
    tag = f"{publication.revision.digest[:24]}-{publication.number}-{settings.VERSION}"
    title = name.format(publication.item.name)
    return _sent(request, tag, lambda: make(publication, url=address_of(publication.item.guid)), title, attached)


def _book(request: HttpRequest, some: QuerySet[Publication], title: str, page: str) -> HttpResponse:
    """Print whole guides as one book."""
    # Bare catalogue lines have nothing to print.
    publications = list(some.filter(listing__has_guide=True).order_by("item_id")[: BOOK_AT_MOST + 1])
    if not publications:
        raise Missing(f"“{title}”还没有公布办事指南", remedy="公布以后这里就能下载。")
    if len(publications) > BOOK_AT_MOST:
        raise BadInput(f"“{title}”的指南超过{BOOK_AT_MOST}份，不能合成一本", remedy="请按部门下载。")
    without = some.filter(listing__has_guide=False).count()
    tag = digest("".join([*(each.revision.digest for each in publications), str(without)]).encode())[:32]
    elsewhere = all(each.from_a_page for each in publications)
    subtitle = "资料样例汇编" if elsewhere else f"{settings.CITY_NAME}办事指南汇编"
    make = partial(
        guide_book,
        publications,
        title=title,
        subtitle=subtitle,
        on=today(),
        url=settings.SITE_URL + page,
        guide_url=lambda each: address_of(each.item.guid),
        without=without,
    )
    return _sent(request, f"{tag}-{settings.VERSION}", make, f"{title}办事指南汇编.pdf", False)


def _sent(request: HttpRequest, tag: str, make: Callable[[], bytes], name: str, attached: bool) -> HttpResponse:
    """Return the paper, or 304 to those who have this very one."""
    etag = f'"{tag}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = send_bytes(make(), name, inline=not attached)
    response["ETag"], response["Cache-Control"] = etag, "public, no-cache"
    return response
