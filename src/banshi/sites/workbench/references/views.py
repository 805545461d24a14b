"""统一参考目录: what is issued from above, who claimed it here, and what nobody has (不漏项)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from banshi.catalog.actions import add_reference
from banshi.catalog.models import ReferenceItem
from banshi.core.clock import now
from banshi.core.errors import BadInput
from banshi.registers import actions as registers
from banshi.sites.kit.address import text_in
from banshi.sites.kit.listing.filters import Filter, Filters, Where, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, posted
from banshi.sites.workbench.references.forms import ReferenceForm
from banshi.sites.workbench.references.queries import (
    claimed_beside,
    likely_references,
    matching,
    references_with_claims,
    self_coded_items,
)

PAGE = 50
VIEWS = {"": "全部", "unclaimed": "还没有人认领", "claimed": "已认领"}


class ReferenceFilters(Filters):
    show = Filter(options=list(VIEWS.items()))
    q = Where(matching, "名称或编码开头", kind="search")


@login_required
@require_GET
def references(request: StaffRequest) -> HttpResponse:
    """List the catalogue by its codes, page by page.

    `show` keeps the claimed or the unclaimed.
    """
    require(request.user, Permission.ITEM_VIEW)
    filters = ReferenceFilters.read(request.GET)
    found = references_with_claims(request.user, {"claimed": True, "unclaimed": False}.get(filters.show))
    counts = {
        "total": ReferenceItem.objects.count(),
        "unclaimed": references_with_claims(request.user, claimed=False).count(),
    }
    context = {
        "filters": filters,
        "controls": filters.controls(),
        "tabs": tabs(filters, "show", VIEWS, chosen=filters.show),
        "page": Page(found.filter(filters.condition()), request.GET, by=("base_code",), size=PAGE),
        "counts": counts,
        "self_coded": self_coded_items(request.user)[:PAGE],
        "may_edit": may(request.user, Permission.REFERENCE_EDIT),
    }
    return render(request, "workbench/references/references.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.REFERENCE_EDIT)
    form = ReferenceForm(posted(request))
    if form.is_valid():
        try:
            added = add_reference(**form.cleaned_data, by=request.user, at=now())
        except BadInput as error:
            form.add_error("base_code", str(error))
        else:
            messages.success(request, f"已加入参考目录：{added}")
            return redirect("workbench:references")
    return render(request, "workbench/references/new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def claim(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Choose the reference item that a local item answers to.

    "" gives the claim back.
    """
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    if request.method == "POST":
        code = text_in(request.POST, "reference")
        chosen = ReferenceItem.objects.filter(base_code=code).first() if code else None
        if code and chosen is None:
            raise BadInput("参考目录里没有这个编码", where=code[:20], remedy="请从列表里选。")
        registers.claim(item, reference=chosen, by=request.user, at=now())
        done = f"已认领“{chosen}”" if chosen else "已取消认领"
        later = item.publications.filter(until=None).exists()
        messages.success(request, f"{done}。公开的基本编码到公布新的一版时才改。" if later else done)
        return redirect("workbench:item", guid)
    text = text_in(request.GET, "q", 100)
    found = (
        references_with_claims(request.user).filter(matching(text))[:PAGE]
        if text
        else likely_references(request.user, item)
    )
    beside = claimed_beside(item, found)
    lines = [(each, beside.get(each.pk, [])) for each in found]
    return render(request, "workbench/references/claim.html", {"item": item, "q": text, "found": lines})
