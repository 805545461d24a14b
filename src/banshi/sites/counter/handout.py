"""出件: what to shelve, what waits, one result on its way out, and results printed at the kiosk with the code."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.access import Visitor
from banshi.bundles.queries import number_of_bundle
from banshi.calendar.queries import calendar_in_force
from banshi.cases.clocks import due_on
from banshi.cases.models import Case
from banshi.cases.queries import by_number_and_code
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, TooOften
from banshi.core.plain_text import as_printed
from banshi.handout import actions
from banshi.handout.express import Waybill, is_open
from banshi.handout.models import HandOut
from banshi.handout.queries import hand_outs_visible_to, to_shelve, waiting, waiting_with
from banshi.papers.printing import file_of
from banshi.papers.queries import papers_about
from banshi.people.models import User
from banshi.sites.counter.reception import signature_of
from banshi.sites.counter.tries import count_wrong, require_tries_left
from banshi.sites.kit.address import as_key, key_in, text_in
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest
from banshi.window.kiosk_address import hall_of_kiosk
from banshi.workflow.versions import state_of

SHOWN = 30
OF_ONE_CASE = "20/hour"


def hand_out_for(user: User, pk: int) -> HandOut:
    """Return a result one's office has, or has decided.

    Raises Missing.
    """
    found = hand_outs_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这件结果", remedy="它可能由别的单位出件。请回到“出件”查找。")
    return found


@login_required
@require_safe
def waiting_results(request: StaffRequest) -> HttpResponse:
    """List what is to be shelved and what nobody has collected, found by number or place."""
    require(request.user, Permission.CASE_DELIVER)
    at, text = now(), text_in(request.GET, "q")
    rows = waiting(request.user, at=at)
    if text:
        of_bundle = Q(case__application__bundle_part__submission=number_of_bundle(text))
        rows = rows.filter(Q(case__number__icontains=text) | Q(place__iexact=text) | of_bundle)
    context = {
        "text": text,
        "to_shelve": to_shelve(request.user, at=at)[:SHOWN],
        "page": Page(rows, request.GET, by=("shelved_at", "id"), size=SHOWN),
    }
    return render(request, "counter/handout/waiting.html", context)


@login_required
@require_POST
def put_on_shelf(request: StaffRequest, pk: int) -> HttpResponse:
    case = to_shelve(request.user, at=now()).filter(pk=pk).first()
    if case is None:
        raise Missing("没有要上架的这件办件", remedy="它可能已经上架，或者还没有作出决定。请刷新页面查看。")
    shelved = actions.shelve(case, place=text_in(request.POST, "place"), by=request.user, at=now())
    messages.success(request, f"{case.number}放在{shelved.place}，已通知申请人来领")
    return redirect("counter:handout")


@login_required
@never_cache
@require_safe
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one result and the ways it may go out."""
    return _shown(request, hand_out_for(request.user, pk))


def _shown(request: StaffRequest, hand_out: HandOut, wrong: BanshiError | None = None) -> HttpResponse:
    context = {
        "out": hand_out,
        "case": hand_out.case,
        "papers": list(papers_about(hand_out.case.number)),
        "others": [
            (each, str(each.pk) in request.POST.getlist("also") if wrong else each.together)  # type: ignore[attr-defined]
            for each in waiting_with(hand_out, request.user, at=now())[:SHOWN]
        ],
        "express": is_open(),
        "wrong": wrong,
        "told": {each.field: each.message for each in getattr(wrong, "problems", [])},
        "typed": {key: text_in(request.POST, key) for key in request.POST if key != "signature"},
        "reader": settings.CARD_READER,
    }
    response = render(request, "counter/handout/one.html", context, status=422 if wrong else 200)
    if settings.CARD_READER:
        response._csp_update = {"connect-src": ["'self'", settings.CARD_READER]}  # type: ignore[attr-defined]
    return response


@login_required
@never_cache
@require_POST
def act(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Hand out, send, put into a locker or take back."""
    out = hand_out_for(request.user, pk)
    said = request.POST
    who: dict[str, Any] = {"by": request.user, "at": now()}
    also: list[HandOut] = []
    try:
        match act:
            case "collect":
                authority = request.FILES.get("authority")
                receiver = actions.Receiver(text_in(said, "name"), text_in(said, "number"), authority)
                chosen = [as_key(each) for each in said.getlist("also")]
                also = list(waiting_with(out, request.user, at=now()).filter(pk__in=chosen))
                actions.collect_together([out, *also], receiver=receiver, signature=signature_of(request), **who)
            case "express":
                actions.send_by_express(out, address=text_in(said, "address"), phone=text_in(said, "phone"), **who)
            case "tracking":
                bill = Waybill(text_in(said, "carrier"), text_in(said, "tracking"))
                actions.write_tracking(out, bill=bill, address=text_in(said, "address"), **who)
            case "locker":
                actions.put_in_locker(out, box=text_in(said, "box"), **who)
            case "opened":
                actions.collect_from_locker(out, code=text_in(said, "code"), **who)
            case "take-back":
                actions.take_back(out, place=text_in(said, "place"), **who)
            case _:
                raise Missing("没有这个操作")
    except (BadInput, Conflict) as trouble:
        return _shown(request, hand_out_for(request.user, pk), trouble)
    numbers = "、".join(each.case.number for each in (out, *also))
    messages.success(request, f"{numbers}：{hand_out_for(request.user, pk).get_state_display()}")
    return redirect("counter:handout-one", pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse | FileResponse:
    """Find a result by number and query code, and print its papers, for somebody at the kiosk."""
    number, code = text_in(request.POST, "number"), text_in(request.POST, "code")
    case: Case | None = None
    wrong: BanshiError | None = None
    if request.method == "POST":
        tries: dict[str, str] = {"of": as_printed(number), "at_most": OF_ONE_CASE}
        try:
            require_tries_left(request, "kiosk-result", **tries)
            case = by_number_and_code(number, code) if number and code else None
        except TooOften as trouble:
            wrong = trouble
        else:
            if case is None:
                count_wrong(request, "kiosk-result", **tries)
                wrong = BadInput(
                    "编号和查询码对不上", remedy="请照收件凭证再核对一遍；凭证找不到了，请带身份证到窗口查。"
                )
    if case and (wanted := key_in(request.POST, "paper")):
        found = papers_about(case.number).select_related("template").filter(pk=wanted).first()
        if found is None:
            raise Missing("没有这份文书", remedy="请重新输入编号和查询码。")
        actions.print_at_kiosk(case, found, by=Visitor(), at=now())
        return send_stored(file_of(found, at=now()), inline=True)
    context = {
        "number": number,
        "typed": {"number": number},
        "code": code if case else "",
        "case": case,
        "papers": list(papers_about(case.number)) if case else [],
        "wrong": wrong,
        "state": state_of(case).label if case else "",
        "due": due_on(case, calendar=calendar_in_force()) if case and case.ended_at is None else None,
        "back": _kiosk_that_asked(request),
        "place": HandOut.objects.filter(case=case).exclude(state="done").first() if case else None,
    }
    return render(request, "counter/handout/kiosk.html", context, status=wrong.status if wrong else 200)


def _kiosk_that_asked(request: HttpRequest) -> str:
    """Find the kiosk to lead back to, none where the page was opened elsewhere."""
    key = text_in(request.POST, "kiosk") or text_in(request.GET, "kiosk")
    try:
        hall_of_kiosk(key)
    except Missing:
        return ""
    return key
