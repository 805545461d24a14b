"""专家论证、合法性审查: what is sent to whom, who is invited from outside, how far they are."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.campaigns.actions import add_to_invitation, invite_expert, look_at_phone, send_to_body, withdraw_invitation
from banshi.campaigns.enums import BodyRole
from banshi.campaigns.models import Campaign, Entry, Invitation, ReviewBody
from banshi.campaigns.queries import desk_of
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing, Refused
from banshi.people.models import User
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.desk.access import bodies_arranged_by, body_arranged, campaign_asked
from banshi.sites.workbench.desk.forms import InvitationForm, WithdrawalForm

AT_ONCE = 500
BESIDE = (BodyRole.EXPERT, BodyRole.LEGAL)


def _campaign(user: User, text: str) -> tuple[Campaign, list[ReviewBody]]:
    """Return the campaign, and the expert and legal bodies the user may ask."""
    # Raises Refused for who arranges nothing there.
    campaign, _ = campaign_asked(user, text)
    arranged = bodies_arranged_by(user, campaign) if campaign else []
    if campaign is None or not arranged:
        raise Refused("专家论证和合法性审查由组织单位或牵头审核单位安排", remedy="需要送审的，请找他们。")
    return campaign, [each for each in arranged if each.planned.role in BESIDE]


@login_required
@require_GET
def experts(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.REVIEW_GIVE)
    campaign, bodies = _campaign(request.user, text_in(request.GET, "campaign"))
    return _page(request, campaign, bodies)


def _page(request: StaffRequest, campaign: Campaign, bodies: list[ReviewBody], **more: Any) -> HttpResponse:
    given = Count("reviews", filter=~Q(reviews__verdict=""))
    invitations = Invitation.objects.filter(body__in=bodies).annotate(asked=Count("reviews"), given=given)
    own = Q(reviews__invitation=None)
    found = (
        ReviewBody.objects.filter(pk__in=[each.pk for each in bodies])
        .select_related("organ", "campaign")
        .prefetch_related(Prefetch("invitations", invitations.order_by("-id")))
        .annotate(asked=Count("reviews", filter=own), given=Count("reviews", filter=own & ~Q(reviews__verdict="")))
    )
    context = {
        "campaign": campaign,
        "bodies": [(body, list(body.invitations.all())) for body in found],
        "today": today(),
        **more,
    }
    return render(request, "workbench/desk/experts.html", context)


@login_required
@require_POST
def send(request: StaffRequest) -> HttpResponse:
    """Send chosen entries, first asked to whom, to a body's desk or an invitation."""
    campaign, bodies = _campaign(request.user, text_in(request.POST, "campaign"))
    keys = [as_key(each) for each in request.POST.getlist("review")]
    named = [as_key(each) for each in request.POST.getlist("entry")]
    mine = desk_of(request.user, campaign, at=now()).filter(
        body__code__in=[b.code for b in campaign.plan.bodies if b.role == BodyRole.LEAD]
    )
    chosen = mine.filter(Q(pk__in=keys) | Q(entry__in=named)).values("entry")
    entries = list(campaign.entries.filter(pk__in=chosen).select_related("item", "participation__organ")[: AT_ONCE + 1])
    if not entries:
        raise BadInput("还没有选事项", remedy="请回到审核台的“待汇总”或“审核通过”，勾选要送的事项。")
    if len(entries) > AT_ONCE:
        raise BadInput(f"一次最多送{AT_ONCE}项", remedy="请分几次送。")
    to, _, key = text_in(request.POST, "to").partition(":")
    by, at = request.user, now()
    match to:
        case "body":
            body = _one(bodies, key)
            sent = send_to_body(entries, body=body, by=by, at=at)
            messages.success(request, f"已把{sent}项送到{body}的审核台。")
        case "invitation":
            invitation = Invitation.objects.filter(body__in=bodies, pk=as_key(key)).first()
            if invitation is None:
                raise Missing("没有这份邀请")
            added = add_to_invitation(invitation, entries=entries, by=by, at=at)
            messages.success(request, f"已加给{invitation.ledger_name}{added}项，用原来的链接就看得到。")
        case "new":
            return _invite(request, campaign, _one(bodies, key), entries)
        case _:
            if not bodies:
                raise BadInput(
                    f"“{campaign}”的方案里没有专家论证或合法性审查", remedy="需要的，请组织单位换用带这个阶段的方案。"
                )
            open_ones = Invitation.objects.filter(body__in=bodies, ended_at=None, until__gte=today()).order_by("name")
            context = {"campaign": campaign, "bodies": bodies, "invitations": open_ones, "entries": entries}
            return render(request, "workbench/desk/send.html", context)
    return redirect(_experts(campaign))


def _one(bodies: list[ReviewBody], key: str) -> ReviewBody:
    body = next((each for each in bodies if each.pk == as_key(key)), None)
    if body is None:
        raise Missing("没有这个专家组或审查单位")
    return body


def _invite(request: StaffRequest, campaign: Campaign, body: ReviewBody, entries: list[Entry]) -> HttpResponse:
    """Invite an expert to the chosen entries."""
    # Its link is shown on this answer only, for it is kept nowhere.
    form = InvitationForm(request.POST if request.POST.get("inviting") == "1" else None)
    context = {"form": form, "campaign": campaign, "body": body, "entries": entries, "back": _experts(campaign)}
    if not form.is_valid():
        return render(request, "workbench/desk/invite.html", context, status=422 if form.is_bound else 200)
    try:
        invitation, secret = invite_expert(body, **form.cleaned_data, entries=entries, by=request.user, at=now())
    except BadInput as wrong:
        add_refusal(form, wrong)
        return render(request, "workbench/desk/invite.html", context, status=422)
    link = request.build_absolute_uri(reverse("portal:expert", args=[secret]))
    response = render(request, "workbench/desk/invited.html", {**context, "invitation": invitation, "link": link})
    response["Cache-Control"] = "no-store"
    return response


def _invitation(user: User, pk: int) -> Invitation:
    require(user, Permission.REVIEW_GIVE)
    found = Invitation.objects.select_related("body").filter(pk=pk).first()
    if found is None:
        raise Missing("没有这份邀请")
    found.body = body_arranged(user, found.body_id)
    return found


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request.user, pk)
    form = WithdrawalForm(posted(request))
    back = _experts(invitation.body.campaign)
    if not form.is_valid():
        context = {
            "form": form,
            "title": f"收回给{invitation.ledger_name}的邀请",
            "what": "链接马上打不开，没写完的意见不能再提。提过的意见保留。",
            "action": "收回邀请",
            "danger": True,
            "back": back,
        }
        return render(request, "kit/confirm.html", context, status=422 if form.is_bound else 200)
    withdraw_invitation(invitation, reason=form.cleaned_data["reason"], by=request.user, at=now())
    messages.success(request, f"给{invitation.ledger_name}的邀请已收回。")
    return redirect(back)


@login_required
@require_POST
def phone(request: StaffRequest, pk: int) -> HttpResponse:
    """Reveal the sealed number, once.

    The look is recorded.
    """
    invitation = _invitation(request.user, pk)
    number = look_at_phone(invitation, by=request.user, at=now())
    campaign, bodies = _campaign(request.user, str(invitation.body.campaign.guid))
    response = _page(request, campaign, bodies, looked=invitation, number=number)
    response["Cache-Control"] = "no-store"
    return response


def _experts(campaign: Campaign) -> str:
    return f"{reverse('workbench:desk-experts')}?campaign={campaign.guid}"
