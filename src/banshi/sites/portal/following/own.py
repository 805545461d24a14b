"""我的办件: one's own case, what is asked of one, the papers, and who looked at one's data."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.access import Permission, allows
from banshi.cases import actions
from banshi.cases.actions import agree_to_deferral, look_at_own_material, supply, withdraw
from banshi.cases.enums import CONCLUDING
from banshi.cases.models import Case, CompanyHandler
from banshi.cases.queries import cases_of, code_of, looks_at
from banshi.core.clock import chinese_date, day_of, now, today
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.feedback.models import RatingInvitation
from banshi.fees.actions import begin_payment, confirm_payment
from banshi.fees.gateway import is_open
from banshi.ledger.receipts import receipt_text
from banshi.papers.printing import file_of
from banshi.papers.queries import papers_about
from banshi.sites.kit.downloads import send_bytes, send_stored
from banshi.sites.kit.ledger_words import told_entries
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.materials import files_sent
from banshi.sites.portal.following.demo_cashier import cashier_of_demonstrations
from banshi.sites.portal.following.whereabouts import (
    can_withdraw,
    disputed_by_applicant,
    handed_in_by_applicant,
    happened,
    promised_by_applicant,
    wanted_from_applicant,
    whereabouts,
)
from banshi.sites.portal.looks.queries import seen_in_words
from banshi.supervision.story import story_of_case, story_of_person, told_about
from banshi.uploads.virus_scan import ScannerAway


def own_case(request: StaffRequest, pk: int) -> Case:
    """Find a case of the person who asks.

    Nobody else learns that it exists.
    """
    colleagues = CompanyHandler.objects.filter(company=OuterRef("applicant"), withdrawn_at=None)
    own = cases_of(request.user).annotate(has_handlers=Exists(colleagues))
    found: Case | None = own.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Missing("没有这份办件", remedy="请到“我的办件”查看；用别的账号提交的，请换账号登录。")
    return found


@login_required
@never_cache
@require_safe
def follow(request: StaffRequest, pk: int) -> HttpResponse:
    return _shown(request, own_case(request, pk))


def _shown(request: StaffRequest, case: Case, wrong: BanshiError | None = None, position: int = -1) -> HttpResponse:
    it = whereabouts(case, at=now())
    offered, owed = promised_by_applicant(case)
    wanted = wanted_from_applicant(case, on=today())
    lines, others = happened(it.story)
    context: dict[str, Any] = {
        "it": it,
        "code": code_of(case),
        "may_act": allows(request.user, Permission.CASE_APPLY, case, at=now()),
        "wanted": wanted,
        "all_given": all(each.given for each in wanted if each.position is not None),
        "offered": offered,
        "owed": owed,
        "materials": handed_in_by_applicant(case),
        "happened": lines,
        "concluded": next((each for each in lines if each.act.kind in CONCLUDING and each.papers), None),
        "others": others,
        "dispute": disputed_by_applicant(it.story),
        "can_withdraw": can_withdraw(case),
        "orders": list(case.fee_orders.select_related("case")),
        "pays_online": is_open(),
        "looks": [(each, seen_in_words(each)) for each in looks_at(case).exclude(actor=request.user.ledger_id)[:20]],
        "rating": RatingInvitation.objects.filter(case=case).first(),
        "wrong": wrong,
        "wrong_at": position,
    }
    return render(request, "portal/following/case.html", context, status=wrong.status if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: StaffRequest, pk: int, position: int) -> HttpResponse:
    """Take in what was asked for, for one line of the list.

    A GET is somebody who has signed in anew on the way.
    """
    case, me, at = own_case(request, pk), request.user, now()
    if request.method != "POST":
        return redirect("portal:my-case", pk)
    before = case.application.materials.filter(position=position, replaced_at=None).select_related("file").first()
    files = files_sent(request, before.file if before else None)
    try:
        given = actions.hand_in(case.application, position, files, by=me, at=at)
    except (BadInput, ScannerAway) as wrong:
        return _shown(request, case, wrong, position)
    lacking = [
        each.name for each in wanted_from_applicant(case, on=day_of(at)) if each.position is not None and not each.given
    ]
    next_step = f"，还有{len(lacking)}份没有上传" if lacking else ""
    if case.state == "supplementing" and not lacking:
        next_step = "，请看一遍，再按“都补齐了，提交”"
    messages.success(request, f"“{given.name}”收到了{next_step}")
    return redirect(f"{reverse('portal:my-case', args=[pk])}#asked")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_supplement(request: StaffRequest, pk: int) -> HttpResponse:
    case = own_case(request, pk)
    if request.method != "POST":
        return redirect("portal:my-case", pk)
    try:
        supply(case, by=request.user, at=now())
    except BadInput as wrong:
        return _shown(request, case, wrong)
    messages.success(request, "补正的材料已经提交，承办单位会告诉您是否受理")
    return redirect("portal:my-case", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: StaffRequest, pk: int) -> HttpResponse:
    case = own_case(request, pk)
    if request.method != "POST":
        return redirect("portal:my-case", pk)
    agree_to_deferral(case, by=request.user, at=now())
    last = max(filter(None, (each.until for each in promised_by_applicant(case)[1])), default=None)
    messages.success(request, f"承诺已经记下，请在{chinese_date(last) if last else '最后一天'}以前补交")
    return redirect("portal:my-case", pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_own(request: StaffRequest, pk: int) -> HttpResponse:
    case = own_case(request, pk)
    if request.method == "POST":
        withdraw(case, words=request.POST.get("words", "").strip()[:200], by=request.user, at=now())
        messages.success(request, "申请已经撤回，这件事不再办理。以后还要办的，请重新申请。")
        return redirect("portal:my-case", pk)
    if not can_withdraw(case):
        messages.warning(request, "已经作出决定或者已经结束，不能再撤回")
        return redirect("portal:my-case", pk)
    return render(request, "portal/following/withdraw.html", {"case": case})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: StaffRequest, pk: int, order: int) -> HttpResponse:
    """Lead to the page of the gateway, or ask it whether it was paid."""
    case, me, at = own_case(request, pk), request.user, now()
    one = case.fee_orders.filter(pk=order).first()
    if one is None:
        raise Missing("没有这张缴费单", remedy="请回到办件页面查看。")
    back = reverse("portal:my-case", args=[pk])
    if request.method != "POST":
        return redirect(back)
    if "paid" not in request.POST:
        address = begin_payment(one, back=f"{settings.SITE_URL}{back}", by=me, at=at)
        if address:
            return render(request, "portal/following/pay.html", {"case": case, "order": one, "address": address})
        messages.success(request, "已经缴过了，不用再缴，缴费凭证在下面")
        return redirect(back)
    if confirm_payment(one, by=me, at=at):
        messages.success(request, "已经收到缴费，缴费凭证在下面")
    else:
        messages.warning(request, "支付平台还没有收到这笔缴费。刚缴的，请过一两分钟再查。")
    return redirect(back)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo_cashier(request: StaffRequest, pk: int, order: int) -> HttpResponse:
    """Show the page of the cashier of demonstrations, and take its button for a payment."""
    case, cashier = own_case(request, pk), cashier_of_demonstrations()
    one = case.fee_orders.filter(pk=order).first()
    if one is None or cashier is None:
        raise Missing("没有这个页面", remedy="请回到办件页面，从“去缴费”进入。")
    if request.method == "POST":
        cashier.pay(one, at=now())
        return redirect("portal:my-case", pk)
    return render(request, "portal/following/demo_cashier.html", {"case": case, "order": one})


@login_required
@never_cache
@require_safe
def send_paper(request: StaffRequest, pk: int, code: str) -> FileResponse:
    """Send a paper of one's case, printed now where nobody has printed it yet."""
    found = papers_about(own_case(request, pk).number).select_related("template").filter(code=code).first()
    if found is None:
        raise Missing("没有这份文书", remedy="请回到办件页面查看。")
    return send_stored(file_of(found, at=now()), inline=True)


@login_required
@never_cache
@require_safe
def send_material(request: StaffRequest, pk: int, material: int) -> FileResponse:
    """Send what one has handed in, also what was replaced since."""
    case = own_case(request, pk)
    found = case.application.materials.select_related("file").filter(pk=material).first() if material < 2**63 else None
    if found is None:
        raise Missing("没有这份材料", remedy="请回到办件页面，从“您交的材料”里打开。")
    return send_stored(look_at_own_material(case, found, by=request.user, at=now()), inline=True)


@login_required
@never_cache
@require_safe
def story(request: StaffRequest, pk: int) -> HttpResponse:
    """Tell one everything that was recorded of one's case."""
    case = own_case(request, pk)
    entries = story_of_case(case)
    context = {"case": case, "entries": told_entries(entries, told_about(entries, within=case))}
    return render(request, "portal/following/story.html", context)


@login_required
@never_cache
@require_safe
def own_story(request: StaffRequest) -> HttpResponse:
    """Tell one everything that was recorded of one's own matters, the newest first."""
    page = Page(story_of_person(request.user), request.GET, by=("-at", "-number"), size=50)
    entries = told_entries(page.rows, told_about(page.rows))
    return render(request, "portal/following/own_story.html", {"page": page, "entries": entries})


@login_required
@never_cache
@require_safe
def receipt(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a receipt by which one checks that story offline."""
    case = own_case(request, pk)
    return send_bytes(
        receipt_text(list(story_of_case(case)), about=f"办件{case.number}", at=now()), f"{case.number}.json"
    )
