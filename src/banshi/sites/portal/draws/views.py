"""双随机公示: the digests that bind each draw, as they were published, and the file by which anybody recomputes it."""

import json

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.supervision.actions import give_number
from banshi.supervision.drawing import WHOLE
from banshi.supervision.models import InspectionDraw
from banshi.supervision.queries import draws_public, parties_waiting, party_of, silent_parties

PAGE = 20


class GivingForm(PageForm):
    number = forms.CharField(
        label="您给的数", max_length=200, help_text="随便写，别人猜不到就好，例如掷骰子得的一串数。"
    )


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    page = Page(draws_public(), request.GET, by=("-id",), size=PAGE)
    silent = silent_parties(page.rows)
    rows = [(each, list(each.numbers.all()), silent.get(each.pk, [])) for each in page.rows]
    mine = parties_waiting(request.user) if request.user.is_authenticated else []
    return render(request, "portal/draws.html", {"page": page, "rows": rows, "mine": mine})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def giving(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the number of one's own party."""
    party = party_of(request.user, pk)
    if party is None:
        raise Missing("没有请您给数", remedy="给数的要用被请的账号登录。请到“双随机公示”查看。")
    given = party.draw.numbers.filter(party=party.name).first()
    form = GivingForm(request.POST or None)
    if form.is_valid():
        try:
            give_number(party, **form.cleaned_data, by=request.user, at=now())
            messages.success(request, "您给的数已经记下，现在就公布，谁也不能再改。")
            return redirect("portal:draws")
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {"party": party, "given": given, "form": form}
    return render(request, "portal/draw_giving.html", context, status=422 if form.is_bound else 200)


@require_safe
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file of a draw, unless it is of the first ones, which name cases and inspectors."""
    found = InspectionDraw.objects.filter(pk=pk, drawn_at__isnull=False).first() if pk < 2**63 else None
    if found is None or found.told is None or WHOLE not in found.told:
        raise Missing("没有这次抽查公布的文件", remedy="抽取以后才有。请回到“双随机公示”查看。")
    return send_bytes(json.dumps(found.told, ensure_ascii=False, indent=1), f"draw-{pk}.json")
