"""保留证明清单: which proofs may still be asked for and on what ground. A place to object."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from banshi.access import Visitor
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.rulebook import queries
from banshi.rulebook.actions import object_to_proof
from banshi.rulebook.models import Hearing, ProofKept
from banshi.sites.kit.address import text_in
from banshi.sites.kit.listing.filters import ContainsWords, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.portal.proofs.forms import ObjectionForm
from banshi.sites.portal.proofs.throttle import count_writing

COMMITMENTS = 100


class ProofFilters(Filters):
    q = ContainsWords("name", "issuer", "basis_title", "item__name", "item__organ__name")


@require_safe
def list_proofs(request: HttpRequest) -> HttpResponse:
    filters = ProofFilters.read(request.GET)
    page = Page(queries.proofs_public().filter(filters.condition()), request.GET, by=("name", "id"))
    commitments = queries.commitments()[:COMMITMENTS] if not filters else []
    context = {"page": page, "asked": filters.q, "commitments": commitments}
    return render(request, "portal/proofs.html", context)


def _proof(number: int) -> ProofKept:
    hearings = Prefetch("hearings", Hearing.objects.select_related("file"))
    proof = queries.proofs_public().prefetch_related(hearings).filter(pk=number).first()
    if proof is None:
        raise Missing("清单里没有这项证明", remedy="它可能已经取消：取消了的证明，任何单位都不得再要。")
    return proof


@require_safe
def show_proof(request: HttpRequest, number: int) -> HttpResponse:
    proof = _proof(number)
    context = {
        "proof": proof,
        "hearings": list(proof.hearings.all()),
        "objections": queries.objections_shown(proof)[:50],
        "sent": text_in(request.GET, "sent") == "1",
    }
    return render(request, "portal/proof.html", context)


@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, number: int) -> HttpResponse:
    proof = _proof(number)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        count_writing(request, "objection")
        given = form.cleaned_data
        try:
            object_to_proof(proof, text=given["text"], contact=given["contact"], by=Visitor(), at=now())
        except BadInput as wrong:
            form.add_error("contact", wrong.problems[0].message)
        else:
            return redirect(f"{reverse('portal:proof-kept', args=[number])}?sent=1")
    context = {"proof": proof, "form": form}
    return render(request, "portal/proof_object.html", context, status=422 if form.is_bound else 200)


@require_safe
def show_commitment(request: HttpRequest, number: int) -> HttpResponse:
    form = queries.commitments().filter(pk=number).first()
    if form is None:
        raise Missing("没有这份承诺书")
    return render(request, "portal/commitment.html", {"form": form})
