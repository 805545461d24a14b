"""收件: find the item, read the card, fill in the form with the person, accept. Keyboard first, for somebody who waits."""

import base64
import binascii
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.access import Permission, allows
from banshi.bundles.queries import bundles_for
from banshi.cases.enums import MaterialTrust
from banshi.cases.models import Case
from banshi.cases.queries import asked_of, code_of, lacking
from banshi.cases.sealing import ANSWERS, opened
from banshi.catalog.guide.form import form_of
from banshi.catalog.models import Item
from banshi.catalog.queries import in_force
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Problem
from banshi.core.id_numbers import plain_number, uscc_is_valid
from banshi.forms import read_answers, visible
from banshi.papers.printing import file_of
from banshi.papers.queries import papers_about
from banshi.people.actions import register_at_counter
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.reception import actions
from banshi.reception.actions.agreeing import AtCounter, agreed_text
from banshi.reception.enums import HandInAs
from banshi.reception.models import BundleReception, HomeVisit, Reception
from banshi.reception.queries import (
    bundle_drafts_at_counter,
    drafts_at_counter,
    is_distant,
    mandates_in_force,
    may_be_received_at,
    office_at_counter,
    often_received,
    received_as,
    receptions_visible_to,
    responsibilities,
)
from banshi.search.queries import find
from banshi.sites.counter.access import own_counter
from banshi.sites.kit.address import as_day, guid_in, key_in, text_in
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.permissions import may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.window.models import Ticket
from banshi.window.queries import ticket_at

SHOWN, OPEN_SHOWN, PLACE_DIGITS = 8, 10, 4
SHARED = "由数据共享取得，不用交"


@dataclass(frozen=True, slots=True)
class PaperAtCounter:
    """A line of the checklist: `shared` says who brings what the person need not."""

    place: str
    name: str
    requirement: str = ""
    shared: str = ""
    offices: str = ""
    scanned: bool = False
    seen: bool = False
    lacks: bool = False
    later: bool = False


def reception_for(user: User, guid: UUID) -> Reception:
    """Return a reception of one's office, or under one's mandate.

    Raises Missing.
    """
    found = receptions_visible_to(user, at=now()).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份收件", remedy="它可能由别的单位收下。请回到“收件”查找。")
    return found


def require_counter(user: User) -> None:
    if not may(user, Permission.CASE_AGENT):
        require(user, Permission.CASE_RECEIVE)


@login_required
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Find the item in plain words, or go on with what somebody has begun."""
    require_counter(request.user)
    text, at = text_in(request.GET, "q"), now()
    if text and (received := received_as(request.user, text, at=at)):
        page = "counter:bundle-done" if isinstance(received, BundleReception) else "counter:reception-done"
        return redirect(page, received.guid)
    hits = find(text, per_page=SHOWN).hits if text else []
    items = Item.objects.filter(pk__in=[each.item_id for each in hits]).select_related("organ__division")
    by_key = {each.pk: each for each in items}
    found = [by_key[each.item_id] for each in hits if each.item_id in by_key]
    if len(found) == 1 and not bundles_for(text, found):
        carried = request.GET.copy()
        carried.pop("q", None)
        return redirect(f"{reverse('counter:reception-item', args=[found[0].guid])}?{carried.urlencode()}")
    office, counter = office_at_counter(request.user, at=at), own_counter(request.user)
    at_hand = ticket_at(counter) if counter else None
    ticket = guid_in(request.GET, "ticket") or (at_hand.guid if at_hand else None)
    context = {
        "text": text,
        "found": found,
        "ticket": ticket,
        "at_hand": at_hand,
        "counter": counter,
        "carried": f"?ticket={ticket}" if ticket else "",
        "often": often_received(office, at=at) if office and not text else [],
        "bundles": bundles_for(text, found) if text else [],
        "open": drafts_at_counter(request.user, at=at)[:OPEN_SHOWN],
        "open_bundles": bundle_drafts_at_counter(request.user, at=at)[:OPEN_SHOWN],
        "office": office,
    }
    return render(request, "counter/reception/home.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Ask who stands there, by the card, and begin."""
    require_counter(request.user)
    chosen = Item.objects.select_related("organ__division").filter(guid=guid).first()
    publication = in_force(chosen) if chosen else None
    if chosen is None or publication is None:
        raise Missing("没有找到这个事项", remedy="请回到“收件”重新查找。")
    at, user = now(), request.user
    wrong: BadInput | Conflict | None = None
    if request.method == "POST":
        try:
            who = who_stands_there(request, at=at)
            visit = guid_in(request.GET, "visit")
            theirs = HomeVisit.objects.filter(person=who["person"], reception=None)
            reception = actions.begin_reception(
                chosen, **who, visit=theirs.filter(guid=visit).first() if visit else None, by=user, at=at
            )
            return redirect("counter:reception-form", reception.guid)
        except (BadInput, Conflict) as trouble:
            wrong = trouble
    office = office_at_counter(user, at=at)
    guide = publication.revision.guide
    context = {
        "heading": chosen.name,
        "by_whom": f"{chosen.organ} · {chosen.organ.division}",
        "item": chosen,
        "elsewhere": office is not None and not may_be_received_at(office, chosen.organ, str(guide.reach or "")),
        "distant": office is not None and is_distant(office, chosen.organ),
    }
    return ask_who(request, context, wrong, at=at)


def who_stands_there(request: StaffRequest, *, at: datetime) -> dict[str, Any]:
    """Find or register the person by the card, or by the mandate that was chosen, with the ticket they were called by."""
    user = request.user
    mandates = mandates_in_force(user, at=at) if may(user, Permission.CASE_AGENT) else []
    mandate = next((each for each in mandates if each.pk == key_in(request.POST, "mandate")), None)
    number = plain_number(text_in(request.POST, "number"))
    typed = {each: text_in(request.POST, each) for each in ("name", "phone")}
    kind = CitizenKind.COMPANY if uscc_is_valid(number) else CitizenKind.PERSON
    person = mandate.person if mandate else None
    person = person or register_at_counter(kind=kind, number=number, **typed, by=user, at=at).user
    ticket = guid_in(request.GET, "ticket")
    held = Ticket.objects.filter(guid=ticket, clerk=user).first() if ticket else None
    return {"person": person, "mandate": mandate, "ticket": held, "phone": typed["phone"]}


def ask_who(
    request: StaffRequest, context: dict[str, Any], wrong: BadInput | Conflict | None, *, at: datetime
) -> HttpResponse:
    """Show the page that asks who stands there, which alone may reach the card reader."""
    agent = may(request.user, Permission.CASE_AGENT)
    context |= {
        "mandates": list(mandates_in_force(request.user, at=at)) if agent else [],
        "agent": agent and office_at_counter(request.user, at=at) is None,
        "typed": {each: text_in(request.POST, each) for each in ("number", "name", "phone")},
        "wrong": wrong,
        "told": {each.field: each.message for each in getattr(wrong, "problems", [])},
        "reader": settings.CARD_READER,
    }
    response = render(request, "counter/reception/person.html", context, status=422 if wrong else 200)
    if settings.CARD_READER:
        response._csp_update = {"connect-src": ["'self'", settings.CARD_READER]}  # type: ignore[attr-defined]
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show form, checklist and agreement on one page, keep whatever is typed, hand in."""
    reception = reception_for(request.user, guid)
    if reception.application.submitted_at:
        return redirect("counter:reception-done", guid)
    if request.method != "POST":
        return _shown(request, reception)
    wrong: BanshiError | None = None
    fields = form_of(reception.application.publication.revision.guide)
    asked = set(request.POST.get("asked", "").split())
    typed = [each for each in fields if each.key in asked]
    answers = dict.fromkeys(each.key for each in typed) | read_answers(typed, request.POST)
    who: dict[str, Any] = {"by": request.user, "at": now()}
    if request.headers.get("HX-Request"):
        actions.keep_typed(reception, answers=answers, **who)
        return _shown(request, reception_for(request.user, guid), template="counter/reception/questions.html")
    try:
        originals = {int(each) for each in request.POST.getlist("original") if _is_place(each)}
        actions.keep_typed(reception, answers=answers, originals=originals, **who)
        for name in request.FILES:
            head, _, place = name.partition("-")
            if head == "scan" and _is_place(place):
                files = [each for each in request.FILES.getlist(name) if each]
                seen = int(place) in originals
                actions.attach_scan(reception, int(place), files, original_seen=seen, **who)
        act = take_agreement(request, reception, **who)
        if act in HandInAs.values:
            until = as_day(text_in(request.POST, "until"))
            case = actions.hand_in(reception, then=act, until=until, **who)
            messages.success(request, f"{HandInAs(act).label}，编号{case.number}")
            return redirect("counter:reception-done", guid)
    except (BadInput, Conflict) as trouble:
        wrong = trouble
        if isinstance(trouble, Conflict):
            with suppress(Conflict):  # an item that has ended has no other guide
                actions.take_up_changes(reception, **who)
    return _shown(request, reception_for(request.user, guid), wrong)


def take_agreement(request: StaffRequest, reception: AtCounter, **who: Any) -> str:
    """Take in a signature or a code, send one where that was pressed, and return what else was pressed."""
    if picture := signature_of(request):
        actions.agree_by_signature(reception, picture, **who)
    elif code := text_in(request.POST, "code"):
        actions.agree_by_code(reception, code, **who)
    act = text_in(request.POST, "act")
    if act == "send-code":
        actions.send_code(reception, **who)
        messages.success(request, "验证码已发到申请人登记的手机")
    return act


def agreement_of(reception: AtCounter, *, at: datetime) -> dict[str, Any]:
    """Prepare what the page says of the agreement."""
    return {
        "agreed": reception.agreed_by and reception.agreed_index == agreed_text(reception),
        "agreed_before": bool(reception.agreed_by),
        "sms": settings.SMS_ON,
        "sent": bool(reception.code_expires_at and reception.code_expires_at > at),
    }


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= PLACE_DIGITS


def signature_of(request: StaffRequest) -> SimpleUploadedFile | None:
    """Read the picture that the pad has drawn (a data URL), or that was photographed."""
    if (photo := request.FILES.get("signature-photo")) is not None:
        return SimpleUploadedFile("签名.png", photo.read(), photo.content_type or "image/png")
    head, _, drawn = request.POST.get("signature", "").partition(",")
    if head != "data:image/png;base64":
        return None
    try:
        return SimpleUploadedFile("签名.png", base64.b64decode(drawn, validate=True), "image/png")
    except binascii.Error:
        raise BadInput("签名没有收到", remedy="请清除后重新签名。") from None


def _shown(
    request: StaffRequest,
    reception: Reception,
    wrong: BanshiError | None = None,
    *,
    template: str = "counter/reception/form.html",
) -> HttpResponse:
    application, at = reception.application, now()
    guide = application.publication.revision.guide
    answers = opened(application.answers_sealed, purpose=ANSWERS)
    fields = form_of(guide)
    shown = visible(fields, answers)
    problems: list[Problem] = list(getattr(wrong, "problems", []))
    given = {each.position: each for each in application.materials.filter(replaced_at=None).select_related("file")}
    missing = lacking(application)
    lacks = {each.position: each for each in missing}
    handled_by = application.publication.item.organ
    here = not reception.mandate and not is_distant(reception.organ, handled_by)
    context = {
        "reception": reception,
        "item": application.publication.item,
        "fields": shown,
        "asked": " ".join(each.key for each in shown),
        "answers": answers,
        "wrong": {each.field: each.message for each in problems},
        "told": {each.field: each.message for each in problems},
        "deciding": {each.when.field for each in fields if each.when},
        "refused": wrong,
        "problems": problems,
        "rows": [
            PaperAtCounter(
                str(place),
                each.name,
                each.requirement,
                SHARED if each.shared else "",
                scanned=bool((g := given.get(place)) and g.file),
                seen=bool(g and g.trust == MaterialTrust.B),
                lacks=place in lacks,
                later=place in lacks and lacks[place].later,
            )
            for place, each in enumerate(asked_of(application))
        ],
        "missing": missing,
        "may_come_later": bool(missing) and all(each.later for each in missing),
        "until": text_in(request.POST, "until"),
        **agreement_of(reception, at=at),
        "here": here,
        "may_accept": here and allows(request.user, Permission.CASE_ACCEPT, Case(organ=handled_by), at=at),
        "responsibilities": responsibilities(reception, at=at),
    }
    return render(request, template, context, status=422 if wrong else 200)


@login_required
@never_cache
@require_safe
def done(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show number, code and papers to print, again and again."""
    return _received(request, reception_for(request.user, guid))


def _received(
    request: StaffRequest, reception: Reception, *, wrong: BanshiError | None = None, password: str = ""
) -> HttpResponse:
    case = Case.objects.select_related("item", "organ", "flow").filter(application=reception.application).first()
    if case is None:
        return _shown(request, reception, wrong) if wrong else redirect("counter:reception-form", reception.guid)
    context = {
        "reception": reception,
        "case": case,
        "code": code_of(case),
        "papers": list(papers_about(case.number)),
        "responsibilities": responsibilities(reception, at=now()),
        **account_of_person(request, reception, wrong, password),
    }
    return render(request, "counter/reception/done.html", context, status=422 if wrong else 200)


def account_of_person(
    request: StaffRequest, reception: AtCounter, wrong: BanshiError | None, password: str
) -> dict[str, Any]:
    """Prepare what the page says of an account online for whoever stands there."""
    person = reception.person
    return {
        "may_open_account": not reception.mandate and not person.has_usable_password(),
        "account": (person.username, password) if password else None,
        "wrong": wrong,
        "typed": {"username": text_in(request.POST, "username")},
        "told": {each.field: each.message for each in getattr(wrong, "problems", [])},
    }


@login_required
@never_cache
@require_POST
def open_account(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Open an account online for whoever stands there, and show its first password once."""
    reception = reception_for(request.user, guid)
    try:
        username = text_in(request.POST, "username")
        password = actions.open_online_account(reception, username=username, by=request.user, at=now())
    except (BadInput, Conflict) as trouble:
        return _received(request, reception, wrong=trouble)
    return _received(request, reception_for(request.user, guid), password=password)


@login_required
@never_cache
@require_POST
def paper(request: StaffRequest, guid: UUID, pk: int) -> FileResponse:
    """Send a paper of what was handed in here, which is recorded."""
    reception = reception_for(request.user, guid)
    case = Case.objects.filter(application=reception.application).first()
    found = papers_about(case.number).select_related("template").filter(pk=pk).first() if case else None
    if case is None or found is None:
        raise Missing("没有这份文书", remedy="请刷新页面查看。")
    actions.look_at_papers(reception, case, found, by=request.user, at=now())
    return send_stored(file_of(found, at=now()), inline=True)


@login_required
@never_cache
@require_safe
def notice(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show what lacks on a page to print, told once, for somebody who goes to fetch it."""
    reception = reception_for(request.user, guid)
    asked = asked_of(reception.application)
    context = {
        "reception": reception,
        "phone": reception.application.publication.revision.guide.consult.phone,
        "back": "counter:reception-form",
        "missing": [asked[each.position] for each in lacking(reception.application)],
        "at": now(),
    }
    return render(request, "counter/reception/notice.html", context)


@login_required
@require_POST
def discard(request: StaffRequest, guid: UUID) -> HttpResponse:
    actions.give_up(reception_for(request.user, guid), by=request.user, at=now())
    messages.success(request, "这份收件已经放弃，填的内容和扫描件都删除了")
    return redirect("counter:reception")
