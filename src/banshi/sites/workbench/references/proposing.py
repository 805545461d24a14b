"""Self-coded items proposed for the reference catalogue, and what becomes of them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.people.models import User
from banshi.registers.actions import accept_proposal, decline_proposal, propose_upward, withdraw_proposal
from banshi.registers.models import Proposal
from banshi.registers.queries import proposals_visible_to
from banshi.sites.kit.listing.filters import Filters, FlowState, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, posted
from banshi.sites.workbench.references.forms import ProposalAnswerForm, ProposalWithdrawalForm, ProposeForm
from banshi.workflow.versions import state_of, states_of

PAGE = 25
TONES = {"open": "warn", "accepted": "good", "declined": "bad"}


class ProposalFilters(Filters):
    state = FlowState("proposal")


@login_required
@require_GET
def proposals(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    filters = ProposalFilters.read(request.GET)
    found = proposals_visible_to(request.user, at=now()).filter(filters.condition())
    page = Page(found, request.GET, by=("-pk",), size=PAGE)
    labels = {"": "全部", **{code: state.label for code, state in states_of("proposal").items()}}
    context = {
        "rows": [_shown(each) for each in page.rows],
        "page": page,
        "tabs": tabs(filters, "state", labels, chosen=filters.state),
    }
    return render(request, "workbench/references/proposals.html", context)


def _shown(proposal: Proposal) -> tuple[Proposal, str, str]:
    """Add the word and tone of a proposal's state."""
    return proposal, state_of(proposal).label, TONES.get(proposal.state, "")


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    form = ProposeForm(posted(request), initial={"name": item.name, "category": item.category_id})
    if form.is_valid():
        try:
            made = propose_upward(item, **form.cleaned_data, by=request.user, at=now())
        except BadInput as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"已上报，建议编码 {made.base_code}。有答复会显示在这里。")
            return redirect("workbench:proposal", made.pk)
    context = {"form": form, "item": item, "back": reverse("workbench:item", args=[guid])}
    return render(request, "workbench/references/propose.html", context, status=422 if form.is_bound else 200)


def _proposal(user: User, pk: int) -> Proposal:
    found = proposals_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有找到这条上报", remedy="它可能属于别的单位。")
    return found


@login_required
@require_http_methods(["GET", "POST"])
def proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one proposal.

    Who keeps the catalogue answers it here.
    """
    found = _proposal(request.user, pk)
    if request.method == "POST":
        require(request.user, Permission.REFERENCE_EDIT, found.item.organ)
    form = ProposalAnswerForm(posted(request), initial={"name": found.name, "base_code": found.base_code})
    if form.is_valid():
        try:
            if form.cleaned_data["verdict"] == "decline":
                decline_proposal(found, answer=form.cleaned_data["answer"], by=request.user, at=now())
            else:
                told = {name: form.cleaned_data[name] for name in ("base_code", "name", "issued_by", "answer")}
                accept_proposal(found, **told, by=request.user, at=now())
        except BadInput as error:
            form.add_error("base_code" if "编码" in error.message else "name", str(error))
        else:
            messages.success(request, "已答复，单位看得到。")
            return redirect("workbench:proposal", pk)
    context = {
        "shown": _shown(found),
        "proposal": found,
        "form": form,
        "may_answer": found.state == "open" and may(request.user, Permission.REFERENCE_EDIT, found.item.organ),
        "may_withdraw": found.state == "open" and may(request.user, Permission.ITEM_EDIT, found.item.organ),
    }
    return render(request, "workbench/references/proposal.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    found = _proposal(request.user, pk)
    require(request.user, Permission.ITEM_EDIT, found.item.organ)
    form = ProposalWithdrawalForm(posted(request))
    if form.is_valid():
        withdraw_proposal(found, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "已撤回，改好以后可以再报。")
        return redirect("workbench:proposal", pk)
    context = {
        "form": form,
        "title": f"撤回上报：{found}",
        "what": "撤回以后，上级不再答复这一条。",
        "action": "撤回",
        "back": reverse("workbench:proposal", args=[pk]),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.is_bound else 200)
