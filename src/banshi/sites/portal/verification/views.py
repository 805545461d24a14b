"""验证文书: whether it was issued here, to whom (masked), and whether it still holds. Nothing that is uploaded is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from banshi.core.errors import Missing
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
        context = {"form": VerificationForm(), "paper": found.paper, "finding": found}
        return render(request, "portal/verify.html", context)
    return render(request, "portal/verify.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD"])
def show_paper(request: HttpRequest, code: str) -> HttpResponse:
    count_writing(request, "verify", AN_HOUR)
    paper = paper_by_code(code)
    if paper is None:
        remedy = "请核对验证码有没有抄错；没有错的，这份文书不是在这里出具的，请向文书上写的单位核实，或拨打 12345。"
        raise Missing("没有这个验证码的文书", remedy=remedy)
    return render(
        request, "portal/verify.html", {"form": VerificationForm(initial={"code": paper.code}), "paper": paper}
    )
