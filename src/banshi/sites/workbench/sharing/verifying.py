"""数据核验: asked from a case, for the people it is about, and answered by 一致, 不一致 or 无记录."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from banshi.cases.exchange_purpose import KIND
from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput, BanshiError
from banshi.exchange.actions import VerificationResult, verify
from banshi.exchange.declarations import declared_resources
from banshi.exchange.enums import DISPUTABLE, InformationKind
from banshi.exchange.models import CallRecord, Grant
from banshi.exchange.purposes import Purpose, purpose_of
from banshi.exchange.queries import calls_for, grants_for_case
from banshi.ledger import name_of
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.handling.access import case_for
from banshi.sites.workbench.sharing.tones import tone_of

NOT, OWN, NAME = "", "own", "name"
SHOWN = 50


class VerifyForm(PageForm):
    """Choice of what to compare, by label of the case's form, so that nothing personal stands on the page unasked."""

    role = forms.ChoiceField(label="核验谁")

    def __init__(self, grant: Grant, purpose: Purpose, data: Any = None) -> None:
        super().__init__(data, prefix=f"g{grant.pk}")
        self.grant, self.purpose = grant, purpose
        declared = declared_resources().get(grant.request.resource.code)
        person = declared.source.person if declared and declared.source else ""
        shown: dict[str, Any] = self.fields
        shown["role"].choices = [(each.role, each.role) for each in purpose.concerned]
        said = [
            (f"said:{label}", f"和“{label}”核对") for label in (purpose.concerned[0].said if purpose.concerned else {})
        ]
        self.items = [
            each for each in grant.request.resource.items if each["key"] in grant.fields and each["key"] != person
        ]
        for each in self.items:
            own = [(NAME, "和办件里的姓名核对")] if each["kind"] == InformationKind.NAME else said
            choices = [(NOT, "不核对"), *own, (OWN, "和下面写的核对")]
            first = NAME if each["kind"] == InformationKind.NAME else NOT
            shown[f"from_{each['key']}"] = forms.ChoiceField(
                label=each["label"], choices=choices, required=False, initial=first
            )
            shown[f"text_{each['key']}"] = forms.CharField(
                label=f"{each['label']}（自己写）", required=False, max_length=200
            )

    def clean(self) -> dict[str, Any]:
        """Read what is to be compared, and refuse what would be left out or compared though the choice says otherwise."""
        told = super().clean() or {}
        concerned = next((each for each in self.purpose.concerned if each.role == told.get("role")), None)
        self.claims: dict[str, str] = {}
        if concerned is None:
            return told
        for each in self.items:
            source, text = told.get(f"from_{each['key']}", NOT), told.get(f"text_{each['key']}", "").strip()
            chosen, written, said = f"from_{each['key']}", f"text_{each['key']}", source.removeprefix("said:")
            if text and source != OWN:
                self.add_error(written, "这里写了内容：请选“和下面写的核对”，或者把它删去")
            elif source == OWN and not text:
                self.add_error(written, "选了“和下面写的核对”，还没有写")
            elif source not in (NOT, OWN, NAME) and not concerned.said.get(said, "").strip():
                self.add_error(chosen, f"申请表里“{said}”没有填，不能拿它核对")
            elif source != NOT:
                value = concerned.name if source == NAME else text if source == OWN else concerned.said[said]
                self.claims[each["key"]] = value
        return told


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what may be verified for this case, and verify."""
    require(request.user, Permission.EXCHANGE_USE)
    case, at = case_for(request.user, pk), now()
    grants = list(grants_for_case(request.user, item_id=case.item_id, at=at, on=day_of(at)))
    context: dict[str, Any] = {
        "case": case,
        "forms": [],
        "crumbs": [
            (reverse("workbench:cases"), "办件"),
            (reverse("workbench:case", args=[pk]), case.number),
            ("", "数据核验"),
        ],
    }
    status = 200
    try:
        purpose = purpose_of(KIND, pk, by=request.user, at=at)
    except BanshiError as not_now:
        context["not_now"] = not_now
    else:
        for grant in grants:
            mine = request.method == "POST" and request.POST.get("grant") == str(grant.pk)
            form, verdict = VerifyForm(grant, purpose, request.POST if mine else None), None
            if mine and form.is_valid():
                try:
                    verdict = verify(
                        grant,
                        kind=KIND,
                        key=pk,
                        role=form.cleaned_data["role"],
                        claims=form.claims,
                        by=request.user,
                        at=at,
                    )
                except BadInput as wrong:
                    form.add_error(None, str(wrong))
                except BanshiError as refused:
                    context["refused"], status = refused, refused.status
            status = 422 if form.errors else status
            context["forms"].append((grant, form, verdict and told(grant, verdict)))
    calls = list(calls_for(name_of(case))[:SHOWN])
    context["disputable"] = DISPUTABLE
    context["calls"] = [(each, _labels_of(each), *tone_of(each.outcome)) for each in calls]
    return render(request, "workbench/sharing/checks.html", context, status=status)


def _labels_of(call: CallRecord) -> str:
    labels = call.resource.labels if call.resource else {}
    return "、".join(labels.get(each, each) for each in call.fields)


def told(grant: Grant, verdict: VerificationResult) -> list[tuple[str, str, str, str]]:
    """Word a verdict item by item."""
    labels = grant.request.resource.labels
    return [(labels[name], each.label, *tone_of(each)) for name, each in verdict.items.items()]
