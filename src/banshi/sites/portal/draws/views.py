"""双随机公示: the digests that bind each draw, as they were published, and the file by which anybody recomputes it."""

import json
import secrets
from typing import Any

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
from banshi.supervision.actions import open_number, seal_number
from banshi.supervision.drawing import WHOLE, seal_of
from banshi.supervision.models import InspectionDraw
from banshi.supervision.queries import draws_public, parties_waiting, party_of, standing_of

PAGE = 20


SHORTEST = 12
"""Characters of a number, so that nobody finds it from its digest by trying."""


class SealingForm(PageForm):
    number = forms.CharField(
        label="您给的数",
        required=False,
        min_length=SHORTEST,
        max_length=200,
        help_text=f"至少{SHORTEST}个字，别人猜不到就好；已经替您随便写了一个，可以改。请抄下来或拍照：打开的时候要再写一遍，一个字也不能差。",
    )
    seal = forms.CharField(
        label="或者：自己算好的摘要",
        required=False,
        help_text="不放心的，可以不写数，只写您自己算的 SHA-256，算法在下面。",
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not (told.get("number") or told.get("seal")):
            self.add_error("number", "请写您给的数")
        return told


class OpeningForm(PageForm):
    number = forms.CharField(label="您封好的数", max_length=200, help_text="照您抄下来的写，一个字也不能差。")


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    page = Page(draws_public(), request.GET, by=("-id",), size=PAGE)
    rows = []
    for each in page.rows:
        there = standing_of(each)
        told = [(party, there.words_for(party, now())) for party in there.parties]
        rows.append((each, told, [number for number in there.numbers if number.given_by_id is None]))
    waiting = parties_waiting(request.user) if request.user.is_authenticated else []
    mine = [each for each in waiting if standing_of(each.draw).waits_for(each, now())]
    return render(request, "portal/draws.html", {"page": page, "rows": rows, "mine": mine})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def giving(request: StaffRequest, pk: int) -> HttpResponse:
    """Seal the number of one's own party, and open it when all have sealed theirs."""
    party = party_of(request.user, pk)
    if party is None:
        raise Missing("没有请您给数", remedy="给数的要用被请的账号登录。请到“双随机公示”查看。")
    there, sealing = standing_of(party.draw), not party.seal
    first = {"number": "".join(secrets.choice("0123456789") for _ in range(16))}
    form = SealingForm(request.POST or None, initial=first) if sealing else OpeningForm(request.POST or None)
    context: dict[str, Any] = {"party": party, "there": there, "sealing": sealing}
    context |= {"words": there.words_for(party, now()), "given": party.name in there.opened}
    context["opening_began"] = there.opens_at is not None and now() >= there.opens_at
    context["now_over"] = there.ends_at is not None and now() >= there.ends_at
    context["opening"] = context["opening_began"] and not context["now_over"]
    if form.is_valid():
        try:
            if sealing:
                # The number itself is kept nowhere: only this answer shows it again.
                number, own = form.cleaned_data["number"].strip(), form.cleaned_data["seal"].strip().lower()
                seal = own or seal_of(party.draw.commitment, party.name, number)
                context["party"] = seal_number(party, seal=seal, by=request.user, at=now())
                return render(request, "portal/draw_giving.html", {**context, "kept": number, "own_seal": bool(own)})
            open_number(party, **form.cleaned_data, by=request.user, at=now())
            messages.success(request, "您的数已经打开，现在就公布，谁也不能再改。")
            return redirect("portal:draws")
        except BadInput as wrong:
            add_refusal(form, wrong)
    return render(request, "portal/draw_giving.html", {**context, "form": form}, status=422 if form.is_bound else 200)


@require_safe
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file of a draw, unless it is of the first ones, which name cases and inspectors."""
    found = InspectionDraw.objects.filter(pk=pk, drawn_at__isnull=False).first() if pk < 2**63 else None
    if found is None or found.told is None or WHOLE not in found.told:
        raise Missing("没有这次抽查公布的文件", remedy="抽取以后才有。请回到“双随机公示”查看。")
    return send_bytes(json.dumps(found.told, ensure_ascii=False, indent=1), f"draw-{pk}.json")
