"""Findings of the rule book, as lists, single pages, proposals to accept, retentions and runs."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.campaigns.review_context import ResolvedBasis, laws_cited
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.jobs.progress import progress_of
from banshi.law.models import Article
from banshi.law.queries import resolved
from banshi.people.models import User
from banshi.rulebook import queries
from banshi.rulebook.actions import apply_rewrites, end_retention, keep_with_reason
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import Examination, FlawFound, Retention
from banshi.rulebook.rewriting import rewrite_words
from banshi.rulebook.rule import Ground, Rewrite, Rule
from banshi.rulebook.tasks import start_examination
from banshi.sites.kit.address import as_key
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, permissions_of, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_organ_options, posted
from banshi.sites.workbench.findings.forms import RetentionForm
from banshi.sites.workbench.findings.listing import PAGE, FindingFilters, flaws_shown
from banshi.sites.workbench.findings.trend import picture

AT_ONCE = 500
TALLIED = 12


@login_required
@require_GET
def findings(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    filters = FindingFilters.read(request.GET)
    page = Page(flaws_shown(request.user, filters), request.GET, by=("weight", "id"), size=PAGE)
    rules = _rules()
    shown = flaws_shown(request.user, filters)
    organs = list(organs_where(request.user, Permission.ITEM_VIEW).order_by().values_list("pk", flat=True))
    points = queries.trend(organs)
    by_organ = queries.tally_by_organ(shown, TALLIED)
    by_rule = queries.tally_by_rule(shown, TALLIED)
    context = {
        "filters": filters,
        "query": filters.as_query(),
        "page": page,
        "rows": [(each, rules.get(each.rule)) for each in page.rows],
        "rules": rules,
        "controls": filters.controls(
            organ=item_organ_options(request.user, filters.organ),
            severity=[(str(code), str(label)) for code, label in Severity.choices],
            rule=[(code, f"{code} {rule.sentence[:28]}") for code, rule in rules.items()],
        ),
        "may_edit": Permission.ITEM_EDIT in permissions_of(request.user),
        "by_organ": [(each, filters.as_query(organ=each.key)) for each in by_organ],
        "by_rule": [(each, rules.get(each.key), filters.as_query(rule=each.key)) for each in by_rule],
        "points": points,
        "picture": picture(points),
        "last": points[-1] if points else None,
        "running": queries.running_examination(organs),
    }
    return render(request, "workbench/findings/findings.html", context)


def _rules() -> dict[str, Rule]:
    return {each.code: each for each in queries.current_rulebook(today())}


def _flaw(user: User, pk: int, permission: Permission = Permission.ITEM_VIEW) -> FlawFound:
    flaw = queries.flaws_visible_to(user, at=now()).filter(pk=pk).first()
    if flaw is None:
        raise Missing("没有这条检查结果", remedy="它可能已经改好，或者属于别的单位。请回到“规则检查”列表。")
    require(user, permission, flaw.organ)
    return flaw


@login_required
@require_GET
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one finding: what, why, on what ground, and what can be done.

    htmx gets the part for the side panel.
    """
    flaw = _flaw(request.user, pk)
    rule = _rules().get(flaw.rule)
    context = {
        "flaw": flaw,
        "rule": rule,
        "grounds": grounds_of(rule) if rule else [],
        "laws": laws_at(flaw),
        "proposal": words_of(flaw),
        "may_edit": organs_where(request.user, Permission.ITEM_EDIT).filter(pk=flaw.organ_id).exists(),
        "level": 2 if request.htmx else 1,  # type: ignore[attr-defined]
    }
    page = "workbench/findings/finding_part.html" if request.htmx else "workbench/findings/finding.html"  # type: ignore[attr-defined]
    return render(request, page, context)


def grounds_of(rule: Rule) -> list[tuple[Ground, list[Article]]]:
    """List what a rule rests on, each with the texts of its articles that the office has imported."""
    found = resolved(((each.title, each.doc_no, each.article) for each in rule.basis), day=today())
    return [(ground, articles) for ground, (_, _, articles) in zip(rule.basis, found, strict=True)]


def laws_at(flaw: FlawFound) -> list[ResolvedBasis]:
    """Return the basis that a finding is about, as the register of laws knows it."""
    element, _, place = flaw.path.partition(".")
    bases = flaw.examined.revision.guide.bases if element == "bases" else []
    row = place.partition(".")[0]
    return laws_cited(bases[int(row) : int(row) + 1] if row.isdecimal() else bases, today())


def words_of(flaw: FlawFound) -> str:
    return rewrite_words(Rewrite(**flaw.rewrite)) if flaw.rewrite else ""


@login_required
@require_POST
def accept(request: StaffRequest) -> HttpResponse:
    """Apply the proposals all at once, after they were shown in full and `confirmed` names the findings seen."""
    whole = request.POST.get("all") == "1" and request.POST.get("confirmed") != "1"
    filters = FindingFilters.read(QueryDict(request.POST.get("filters", ""))) if whole else FindingFilters()
    shown = flaws_shown(request.user, filters, Permission.ITEM_EDIT).exclude(rewrite=None)
    if not whole:
        shown = shown.filter(pk__in=[as_key(key) for key in request.POST.getlist("flaw")])
    flaws = list(shown.order_by("item_id", "weight", "id")[: AT_ONCE + 1])
    if not flaws:
        raise BadInput("没有选中可以直接采用的建议", remedy="请勾选带“可直接采用”的几条；其余的要自己改。")
    if len(flaws) > AT_ONCE:
        raise BadInput(f"一次最多采用{AT_ONCE}条建议", remedy="请先按单位或规则筛选，再分几次采用。")
    if request.POST.get("confirmed") != "1":
        groups = [
            (item, [(each, words_of(each)) for each in group])
            for item, group in ((item, list(some)) for item, some in groupby(flaws, key=lambda each: each.item))
        ]
        context = {"groups": groups, "count": len(flaws), "back": reverse("workbench:findings")}
        return render(request, "workbench/findings/accept.html", context)
    done = apply_rewrites(flaws, by=request.user, at=now())
    left = f"；另有{len(done.left)}处内容已经变了，没有改" if done.left else ""
    messages.success(request, f"改了{len(done.drafts)}份草稿里的{len(done.settled)}处{left}。公布以后群众才看得到。")
    return redirect("workbench:findings")


@login_required
@require_http_methods(["GET", "POST"])
def keep(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep a finding with a reason (保留，理由…)."""
    flaw = _flaw(request.user, pk, Permission.ITEM_EDIT)
    form, kept = RetentionForm(posted(request)), False
    if form.is_valid():
        try:
            keep_with_reason(flaw, reason=form.cleaned_data["reason"], basis=form.basis, by=request.user, at=now())
            kept = True
        except BadInput as wrong:
            add_refusal(form, wrong)
    if not kept:
        context = {
            "form": form,
            "flaw": flaw,
            "rule": _rules().get(flaw.rule),
            "title": "写明保留的理由和依据",
            "action": "保留，不改这一处",
            "back": reverse("workbench:findings"),
        }
        return render(request, "workbench/findings/keep.html", context, status=422 if form.is_bound else 200)
    messages.success(request, "已记下保留的理由。这一处不再列在要改的里面。")
    return redirect("workbench:findings")


@login_required
@require_POST
def unkeep(request: StaffRequest, pk: int) -> HttpResponse:
    flaw = _flaw(request.user, pk)
    # Where nothing is kept the action says so, to those who may end it.
    end_retention(flaw.retention or Retention(item=flaw.item), by=request.user, at=now())
    messages.success(request, "保留理由已撤销，这一处又列在要改的里面。")
    return redirect("workbench:findings")


@login_required
@require_POST
def examine(request: StaffRequest) -> HttpResponse:
    """Examine all items of the organs the person writes for, in the background."""
    organs = list(queries.organs_with_items(request.user, at=now()))
    if not organs:
        raise Conflict("还没有可以检查的事项", remedy="先新增或导入事项。")
    scope = organs[0].name if len(organs) == 1 else f"{organs[0].name}等{len(organs)}个单位"
    run = start_examination(organs, scope=scope, by=request.user, at=now())
    return redirect("workbench:examination", run.pk)


def _run(user: User, pk: int) -> Examination:
    run = Examination.objects.filter(pk=pk).first()
    if run is None or not organs_where(user, Permission.ITEM_VIEW).filter(pk__in=run.organs).exists():
        raise Missing("没有这次检查")
    return run


@login_required
@require_GET
def examination(request: StaffRequest, pk: int) -> HttpResponse:
    run = _run(request.user, pk)
    if run.finished_at:
        return redirect("workbench:findings")
    return render(request, "workbench/findings/running.html", {"run": run, "progress": progress_of(run.task)})


@login_required
@require_GET
def examination_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Return the fragment that polls once a second.

    When the work is over, it has htmx load the page anew.
    """
    run = _run(request.user, pk)
    progress = progress_of(run.task)
    if run.finished_at or progress.finished:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "workbench/findings/progress_part.html", {"run": run, "progress": progress})
