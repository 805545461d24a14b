"""收件 of a bundle: one form, one checklist and one signature of whoever stands there, for every office."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.access import Permission, allows
from banshi.bundles.queries import BundleReading, bundle_named, cases_of, handed_in, progress_of, reading_of
from banshi.cases.enums import MaterialTrust
from banshi.cases.models import Case
from banshi.cases.queries import code_of
from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Problem
from banshi.forms import read_answers
from banshi.papers.printing import file_of
from banshi.papers.queries import papers_about
from banshi.people.models import User
from banshi.reception import actions
from banshi.reception.enums import HandInAs
from banshi.reception.models import BundleReception
from banshi.reception.queries import bundle_receptions_visible_to, may_be_received_at, office_at_counter
from banshi.sites.counter.reception import (
    SHARED,
    PaperAtCounter,
    account_of_person,
    agreement_of,
    ask_who,
    require_counter,
    take_agreement,
    who_stands_there,
)
from banshi.sites.kit.address import as_day, text_in
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.staff import StaffRequest


def bundle_reception_for(user: User, guid: UUID) -> BundleReception:
    """Return a bundle taken in at one's office, or under one's mandate.

    Raises Missing.
    """
    found = bundle_receptions_visible_to(user, at=now()).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份收件", remedy="它可能由别的单位收下。请回到“收件”查找。")
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: StaffRequest, code: str) -> HttpResponse:
    """Ask who stands there, by the card, and begin."""
    require_counter(request.user)
    version, at, user = bundle_named(code), now(), request.user
    wrong: BadInput | Conflict | None = None
    if request.method == "POST":
        try:
            who = who_stands_there(request, at=at)
            return redirect("counter:bundle-form", actions.begin_bundle_reception(version, **who, by=user, at=at).guid)
        except (BadInput, Conflict) as trouble:
            wrong = trouble
    office, members = office_at_counter(user, at=at), BundleReading(version).all_members
    context = {
        "heading": f"{version}一件事",
        "by_whom": "、".join(dict.fromkeys(each.item.organ.called for each in members)),
        "elsewhere_parts": [
            each.item.name
            for each in members
            if office and not may_be_received_at(office, each.item.organ, str(each.guide.reach or ""))
        ],
    }
    return ask_who(request, context, wrong, at=at)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show form, checklist and agreement on one page, keep whatever is typed, hand in."""
    reception = bundle_reception_for(request.user, guid)
    if reception.submission.submitted_at:
        return redirect("counter:bundle-done", guid)
    if request.method != "POST":
        return _shown(request, reception)
    asked = set(request.POST.get("asked", "").split())
    typed = [each for each in reading_of(reception.submission).every_field if each.key in asked]
    answers = dict.fromkeys(each.key for each in typed) | read_answers(typed, request.POST)
    who: dict[str, Any] = {"by": request.user, "at": now()}
    if request.headers.get("HX-Request"):
        actions.keep_bundle_typed(reception, answers=answers, **who)
        again = bundle_reception_for(request.user, guid)
        return _shown(request, again, template="counter/reception/bundle_questions.html")
    wrong: BanshiError | None = None
    originals = set(request.POST.getlist("original"))
    try:
        kept = actions.keep_bundle_typed(reception, answers=answers, originals=originals, **who)
        for each in reading_of(kept.submission).materials.asked:
            files: list[UploadedFile] = [one for one in request.FILES.getlist(f"scan-{each.slug}") if one]
            if files:
                seen = each.slug in originals
                actions.attach_bundle_scan(reception, each.proof, files, original_seen=seen, **who)
        act = take_agreement(request, reception, **who)
        if act in (HandInAs.ACCEPT, HandInAs.RECEIVE):
            until = as_day(text_in(request.POST, "until"))
            sent = actions.hand_in_bundle(reception, then=act, until=until, **who)
            messages.success(request, f"{HandInAs(act).label}，编号{sent.number}")
            return redirect("counter:bundle-done", guid)
    except (BadInput, Conflict) as trouble:
        wrong = trouble
        if isinstance(trouble, Conflict):
            with suppress(Conflict):
                actions.take_up_changes_of_bundle(reception, **who)
    return _shown(request, bundle_reception_for(request.user, guid), wrong)


def _shown(
    request: StaffRequest,
    reception: BundleReception,
    wrong: BanshiError | None = None,
    *,
    template: str = "counter/reception/bundle.html",
) -> HttpResponse:
    reading, at = reading_of(reception.submission), now()
    materials, problems = reading.materials, list[Problem](getattr(wrong, "problems", []))
    given = handed_in(reception.submission, materials.asked)
    told = {each.field: each.message for each in problems}
    rows = [
        PaperAtCounter(
            each.slug,
            each.proof,
            "；".join(each.requirements),
            offices="、".join(each.offices),
            scanned=bool((paper := given.get(each.proof)) and paper.file),
            seen=bool(paper and paper.trust == MaterialTrust.B),
            lacks=each.proof not in given and each.required,
            later=each.proof not in given and each.later,
        )
        for each in materials.asked
    ]
    rows += [PaperAtCounter(each.slug, each.proof, shared=SHARED) for each in materials.fetched]
    rows += [
        PaperAtCounter(f"result-{n}", name, shared=f"“{source}”办好以后自动转给{'、'.join(offices)}，不用交")
        for n, ((name, source), offices) in enumerate(materials.handed_on.items())
    ]
    here = not reception.mandate
    context = {
        "reception": reception,
        "fields": reading.visible,
        "asked": " ".join(each.key for each in reading.visible),
        "answers": reading.answers,
        "wrong": told,
        "told": told,
        "deciding": {each.when.field for each in reading.fields if each.when}
        | {each.key for each in reading.fields if each.key.startswith("ask_")},
        "refused": wrong,
        "rows": rows,
        "missing": any(each.lacks for each in rows),
        "may_come_later": here and any(each.later for each in rows),
        "until": text_in(request.POST, "until"),
        "deadline": reading.deadline(on=day_of(at)),
        **agreement_of(reception, at=at),
        "may_accept": here
        and any(
            allows(request.user, Permission.CASE_ACCEPT, Case(organ=each.item.organ), at=at) for each in reading.members
        ),
    }
    return render(request, template, context, status=422 if wrong else 200)


@login_required
@never_cache
@require_safe
def done(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show numbers, codes and papers to print, again and again."""
    return _received(request, bundle_reception_for(request.user, guid))


def _received(
    request: StaffRequest, reception: BundleReception, *, wrong: BanshiError | None = None, password: str = ""
) -> HttpResponse:
    if reception.submission.submitted_at is None:
        return _shown(request, reception, wrong) if wrong else redirect("counter:bundle-form", reception.guid)
    told = progress_of(reception.submission, at=now())
    context = {
        "reception": reception,
        "submission": reception.submission,
        "rows": [
            (each, code_of(each.case), list(papers_about(each.case.number))) if each.case else (each, "", [])
            for each in told.parts
        ],
        "deadline": told.deadline,
        **account_of_person(request, reception, wrong, password),
    }
    return render(request, "counter/reception/bundle_done.html", context, status=422 if wrong else 200)


@login_required
@never_cache
@require_POST
def open_account(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Open an account online for whoever stands there, and show its first password once."""
    reception = bundle_reception_for(request.user, guid)
    try:
        username = text_in(request.POST, "username")
        password = actions.open_online_account(reception, username=username, by=request.user, at=now())
    except (BadInput, Conflict) as trouble:
        return _received(request, reception, wrong=trouble)
    return _received(request, bundle_reception_for(request.user, guid), password=password)


@login_required
@never_cache
@require_POST
def paper(request: StaffRequest, guid: UUID, pk: int) -> FileResponse:
    """Send a paper of what was handed in here, which is recorded."""
    reception = bundle_reception_for(request.user, guid)
    for case in cases_of(reception.submission):
        found = papers_about(case.number).select_related("template").filter(pk=pk).first()
        if found:
            actions.look_at_papers(reception, case, found, by=request.user, at=now())
            return send_stored(file_of(found, at=now()), inline=True)
    raise Missing("没有这份文书", remedy="请刷新页面查看。")


@login_required
@never_cache
@require_safe
def notice(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show what lacks on a page to print, told once, for somebody who goes to fetch it."""
    reception = bundle_reception_for(request.user, guid)
    asked = reading_of(reception.submission).materials.asked
    given = handed_in(reception.submission, asked)
    context = {
        "reception": reception,
        "missing": [
            {"name": each.proof, "requirement": "；".join(each.requirements), "basis": "、".join(each.bases)}
            for each in asked
            if each.proof not in given and (each.required or each.later)
        ],
        "back": "counter:bundle-form",
        "at": now(),
    }
    return render(request, "counter/reception/notice.html", context)


@login_required
@require_POST
def discard(request: StaffRequest, guid: UUID) -> HttpResponse:
    actions.give_up_bundle(bundle_reception_for(request.user, guid), by=request.user, at=now())
    messages.success(request, "这份收件已经放弃，填的内容和扫描件都删除了")
    return redirect("counter:reception")
