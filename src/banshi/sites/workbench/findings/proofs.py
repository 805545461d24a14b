"""Proofs that are kept, with ground, hearings and objections, and commitments in their place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.files import keep as keep_file
from banshi.people.models import User
from banshi.rulebook import queries
from banshi.rulebook.actions import (
    answer_objection,
    end_proof,
    keep_proof,
    look_at_contact,
    record_hearing,
    write_commitment,
)
from banshi.rulebook.models import CommitmentForm, Objection, ProofKept
from banshi.sites.kit.permissions import Permission, may, permissions_of, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.findings.forms import CommitmentWords, HearingForm, ObjectionAnswerForm, ProofForm

SHOWN = 200


@login_required
@require_GET
def proofs(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    mine = items_visible_to(request.user, at=now()).order_by().values("pk")
    context = {
        "proofs": queries.proofs_visible_to(request.user, at=now())[:SHOWN],
        "commitments": CommitmentForm.objects.filter(item__in=mine).select_related("item__organ")[:SHOWN],
        "may_edit": Permission.ITEM_EDIT in permissions_of(request.user),
    }
    return render(request, "workbench/findings/proofs.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_proof(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_EDIT)
    form = ProofForm(posted(request), user=request.user)
    if not form.is_valid():
        return _form(request, form, "把一项证明列入保留清单", "列入清单")
    given = form.cleaned_data
    proof = keep_proof(
        given["item"],
        name=given["name"],
        issuer=given["issuer"],
        purpose=given["purpose"],
        basis=form.basis,
        by=request.user,
        at=now(),
    )
    messages.success(request, f"“{proof}”已列入保留证明清单，公众马上看得到。接着记下征求意见、论证的情况。")
    return redirect("workbench:proof", proof.pk)


def _form(request: StaffRequest, form: BaseForm, title: str, action: str) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": reverse("workbench:proofs")}
    return render(request, "workbench/findings/form.html", context, status=422 if form.is_bound else 200)


def _proof(user: User, pk: int, permission: Permission = Permission.ITEM_VIEW) -> ProofKept:
    proof = queries.proofs_visible_to(user, at=now()).filter(pk=pk).first()
    if proof is None:
        raise Missing("没有这项保留证明", remedy="它可能已经取消，或者属于别的单位。")
    require(user, permission, proof.item.organ)
    return proof


@login_required
@require_http_methods(["GET", "POST"])
def proof(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one proof with its records.

    Posting adds a record.
    """
    found = _proof(request.user, pk, Permission.ITEM_EDIT if request.method == "POST" else Permission.ITEM_VIEW)
    form = HearingForm(posted(request), request.FILES or None)
    if form.is_valid():
        user, file = request.user, form.cleaned_data.pop("file")
        stored = file and keep_file(
            file, name=file.name, purpose="hearing", organ=found.item.organ, public=False, by=user, at=now()
        )
        record_hearing(found, **form.cleaned_data, file=stored or None, by=user, at=now())
        messages.success(request, "记录已加上，公众清单里也看得到。")
        return redirect("workbench:proof", pk)
    context = {
        "proof": found,
        "form": form,
        "hearings": found.hearings.select_related("file"),
        "objections": [
            (each, ObjectionAnswerForm(prefix=f"o{each.pk}")) for each in found.objections.select_related("answered_by")
        ],
        "may_edit": may(request.user, Permission.ITEM_EDIT, found.item.organ),
    }
    return render(request, "workbench/findings/proof.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def drop_proof(request: StaffRequest, pk: int) -> HttpResponse:
    found = _proof(request.user, pk, Permission.ITEM_EDIT)
    if request.method == "GET":
        context = {
            "title": f"取消保留：{found}",
            "what": f"“{found}”从公众看的保留证明清单里去掉，以后不得再要。事项指南里的材料请另行修改。",
            "action": "取消这项证明",
            "danger": True,
            "back": reverse("workbench:proof", args=[pk]),
        }
        return render(request, "kit/confirm.html", context)
    end_proof(found, by=request.user, at=now())
    messages.success(request, f"“{found}”已从保留证明清单里去掉。")
    return redirect("workbench:proofs")


def _objection(user: User, pk: int) -> Objection:
    found = Objection.objects.filter(pk=pk).select_related("proof__item__organ").first()
    if found is None:
        raise Missing("没有这条意见")
    _proof(user, found.proof_id, Permission.ITEM_EDIT)
    return found


@login_required
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    found = _objection(request.user, pk)
    form = ObjectionAnswerForm(request.POST, prefix=f"o{pk}")
    if not form.is_valid():
        return _form(request, form, "答复群众意见", "答复")
    answer_objection(found, **form.cleaned_data, by=request.user, at=now())
    messages.success(request, "已答复。")
    return redirect("workbench:proof", found.proof_id)


@login_required
@require_POST
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Reveal the plain contact, once.

    The look is recorded.
    """
    found = _objection(request.user, pk)
    messages.info(request, f"联系方式：{look_at_contact(found, by=request.user, at=now())}（这次查看已记录）")
    return redirect("workbench:proof", found.proof_id)


@login_required
@require_http_methods(["GET", "POST"])
def new_commitment(request: StaffRequest) -> HttpResponse:
    """Write a commitment anew, or over the one of the same item and material."""
    require(request.user, Permission.ITEM_EDIT)
    form = CommitmentWords(posted(request), user=request.user)
    if not form.is_valid():
        return _form(request, form, "写告知承诺书", "保存承诺书")
    given = form.cleaned_data
    there = CommitmentForm.objects.filter(item=given["item"], material=given["material"].strip()).first()
    if there and form.ask_before_replacing(there):
        return _form(request, form, "写告知承诺书", "保存承诺书")
    written = write_commitment(
        given["item"],
        material=given["material"],
        basis=form.basis,
        **form.parts(),
        by=request.user,
        at=now(),
    )
    messages.success(request, f"“{written.material}”的承诺书已保存。")
    return redirect("workbench:proofs")
