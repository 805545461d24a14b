"""文书: the words of each kind as an office writes them, previewed with sample facts, and what stands at head and foot."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from banshi.access import allows
from banshi.core.clock import now
from banshi.core.errors import BadInput
from banshi.papers.actions import set_letterhead, write_template
from banshi.papers.kinds import ALWAYS, kind_named, paper_facts, paper_kinds, sample_facts
from banshi.papers.printing import preview
from banshi.papers.queries import letterhead_of, template_for, text_of, writings_of
from banshi.people.models import Organ
from banshi.people.posts import organs_where
from banshi.sites.console.access import found
from banshi.sites.console.papers.forms import LetterheadForm, PapersOfForm, TemplateForm
from banshi.sites.kit.address import key_in
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest


def own_organs(request: StaffRequest) -> QuerySet[Organ]:
    return organs_where(request.user, Permission.PAPER_EDIT, now()).filter(active=True).order_by("division", "name")


def chosen_organ(request: StaffRequest) -> Organ | None:
    """Find whose papers are meant.

    None for those of all, where one may write those; else the first of one's own.
    """
    if key := key_in(request.GET, "organ"):
        return found(own_organs(request), pk=key)
    shared = allows(request.user, Permission.PAPER_EDIT_ALL, at=now())
    return None if shared else own_organs(request).first()


@login_required
@require_safe
def list_kinds(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.PAPER_EDIT)
    shared, mine = allows(request.user, Permission.PAPER_EDIT_ALL, at=now()), own_organs(request)
    sought = PapersOfForm(mine, request.GET, shared=shared) if "organ-words" in request.GET else None
    if sought and sought.is_valid() and (organ := sought.cleaned_data["organ"]):
        return redirect(f"{reverse('console:papers')}?organ={organ.pk}")
    organ = chosen_organ(request)
    written = writings_of(organ)
    context = {
        "organ": organ,
        "form": sought or PapersOfForm(mine, shared=shared, organ=organ),
        "kinds": [(kind, written.get(kind.code)) for kind in paper_kinds().values()],
        "letterhead": letterhead_of(organ) if organ else None,
    }
    return render(request, "console/papers/papers.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_template(request: StaffRequest, code: str) -> HttpResponse:
    """Write the text of a kind, or see it printed as it stands in the form."""
    require(request.user, Permission.PAPER_EDIT)
    kind, organ = kind_named(code), chosen_organ(request)
    current = text_of(kind, template_for(code, organ))
    form = TemplateForm(request.POST or None, stored={"text": current})
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            if "preview" in request.POST:
                return send_bytes(
                    preview(kind, text or kind.text, sample_facts(kind)), f"{kind.label}样张.pdf", inline=True
                )
            write_template(code, organ=organ, text=text, by=request.user, at=now())
        except BadInput as trouble:
            add_refusal(form, trouble)
        else:
            messages.success(request, f"{kind.label}的写法已保存，以后发的文书用新的；已经发出的不变。")
            return redirect(f"{reverse('console:papers')}{f'?organ={organ.pk}' if organ else ''}")
    context = {
        "form": form,
        "kind": kind,
        "organ": organ,
        "facts": [(paper_facts()[key], key in (*ALWAYS, *kind.needs)) for key in kind.facts],
        "crumbs": [(reverse("console:papers"), "文书"), ("", kind.label)],
    }
    return render(request, "console/papers/template.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_letterhead(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PAPER_EDIT)
    organ = found(own_organs(request), pk=pk)
    kept = letterhead_of(organ)
    stored = {"sign": kept.sign, "seal as it is": kept.seal.digest if kept.seal else ""}
    form = LetterheadForm(request.POST or None, request.FILES or None, stored=stored)
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_letterhead(organ, sign=given["sign"], seal=given["seal"], by=request.user, at=now())
        except BadInput as trouble:
            add_refusal(form, trouble)
        else:
            messages.success(request, "已保存，以后发的文书用新的。")
            return redirect(f"{reverse('console:papers')}?organ={organ.pk}")
    back = f"{reverse('console:papers')}?organ={organ.pk}"
    context = {
        "form": form,
        "title": f"{organ}的机关代字和印章图",
        "back": back,
        "crumbs": [(reverse("console:papers"), "文书"), ("", "机关代字和印章图")],
    }
    return render(request, "console/form.html", context, status=422 if form.errors else 200)
