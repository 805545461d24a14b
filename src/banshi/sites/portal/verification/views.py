"""验证文书: whether it was issued here, to whom (masked), and whether it still holds. Nothing that is uploaded is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from banshi.cases.queries import validity_of
from banshi.core.clock import today
from banshi.papers.models import Paper
from banshi.papers.queries import paper_by_code
from banshi.papers.verification import examine_document
from banshi.sites.portal.proofs.throttle import count_writing
from banshi.sites.portal.verification.forms import VerificationForm

AN_HOUR = 60


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_code(request: HttpRequest) -> HttpResponse:
    form = VerificationForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        if not form.cleaned_data["file"]:
            return redirect(
                "portal:verify-paper", "".join(each for each in form.cleaned_data["code"] if each.isalnum())
            )
        count_writing(request, "verify", AN_HOUR)
        found = examine_document(form.cleaned_data["file"].read(), paper_by_code(form.cleaned_data["code"]))
        shown = _shown(found.paper) if found.paper else {}
        return render(request, "portal/verify.html", {"form": VerificationForm(), "finding": found, **shown})
    return render(request, "portal/verify.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD"])
def show_paper(request: HttpRequest, code: str) -> HttpResponse:
    count_writing(request, "verify", AN_HOUR)
    paper = paper_by_code(code)
    if paper is None:
        return render(request, "portal/verify.html", {"form": VerificationForm(), "unknown": code[:40]}, status=404)
    return render(request, "portal/verify.html", {"form": VerificationForm(), **_shown(paper)})


def _shown(paper: Paper) -> dict[str, Any]:
    valid_until = validity_of(paper)
    return {"paper": paper, "valid_until": valid_until, "over": valid_until is not None and valid_until < today()}
