"""办件: the desks, one case with all that is known of it, and the recorded looks at what is personal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from banshi.access import Permission, allows
from banshi.calendar.deadlines import Remaining
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.actions import look_at_applicant, look_at_material, look_at_paper
from banshi.cases.clocks import left_of
from banshi.cases.enums import ActKind, TaskEnding, TaskVerdict
from banshi.cases.models import Case, CaseMaterial, CaseTask
from banshi.cases.queries import (
    OPEN,
    CaseStory,
    DeskTab,
    asked_before,
    cases_visible_to,
    has_bad_credit,
    held_by_another,
    is_finished_by_itself,
    is_held,
    lacking,
    may_pass_on,
    open_dispute,
    permission_for,
    shared_materials,
    signed_before,
    signer_in_words,
    story,
    supply_by,
    unknown_actor,
)
from banshi.cases.sealing import CONTENT, opened
from banshi.cases.steps import text_of
from banshi.core.clock import day_of, now
from banshi.core.errors import Conflict, Missing
from banshi.exchange.enums import OBTAINED
from banshi.forms import typed_text
from banshi.papers.actions import print_again
from banshi.papers.printing import file_of
from banshi.papers.queries import papers_about, unprintable_papers
from banshi.people.models import User
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.listing.filters import tabs
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission as P
from banshi.sites.kit.permissions import may, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.kit.templatetags.kit import cn_day
from banshi.sites.workbench.handling.access import case_address, case_for
from banshi.sites.workbench.handling.acting import acts_open_to
from banshi.sites.workbench.handling.ended import ended_tab
from banshi.sites.workbench.handling.forms import said_before
from banshi.sites.workbench.handling.listing import (
    PAGE,
    TABS,
    CaseFilters,
    counts,
    lines,
    most_pressing,
    neighbours,
    steps_shown,
)
from banshi.sites.workbench.sharing.tones import tone_of

UNPRINTED = 20


@login_required
@require_GET
def cases(request: StaffRequest) -> HttpResponse:
    require(request.user, P.CASE_VIEW)
    at, filters = now(), CaseFilters.read(request.GET)
    show = filters.show if filters.show in TABS else DeskTab.UNIT
    found = steps_shown(request.user, show, filters.condition(), at=at)
    page = Page(found, request.GET, by=("pressing", "id"), size=PAGE, fetch=most_pressing)
    if (
        filters.q
        and not page.rows
        and (known := cases_visible_to(request.user, at=at).filter(number=filters.q).first())
    ):
        return redirect("workbench:case", known.pk)  # one that has ended, or is with others, is found by its number
    organs = [] if show == DeskTab.ELSEWHERE else organ_options(organs_where(request.user, P.CASE_VIEW), filters.organ)
    context = {
        "show": show,
        "tabs": [
            *tabs(CaseFilters(), "show", TABS, chosen=show, counts=counts(request.user, at=at)),
            ended_tab(current=False),
        ],
        "filters": filters,
        "clear": f"?show={show}",
        "controls": filters.controls(organ=organs),
        "page": page,
        "lines": lines(page.rows, at=at),
        "query": filters.as_query(),
        "may_assign": may(request.user, P.CASE_ASSIGN),
        "unprinted": list(unprintable_papers(organs_where(request.user, P.CASE_VIEW))[:UNPRINTED]),
    }
    return render(request, "workbench/handling/cases.html", context)


@login_required
@require_POST
def print_once_more(request: StaffRequest, paper: int) -> HttpResponse:
    """Print a paper whose printing failed, as often as one presses."""
    found = unprintable_papers(organs_where(request.user, P.CASE_VIEW)).filter(pk=paper).first()
    if found is None:
        raise Missing("没有打印不出来的这份文书", remedy="可能已经打印好了，请刷新页面查看。")
    try:
        printed = print_again(found, by=request.user, at=now())
        messages.success(request, f"{printed.title}（{printed.number}）打印好了。")
    except Conflict as trouble:
        messages.error(request, str(trouble))
    return redirect("workbench:cases")


@login_required
@require_GET
def case(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, P.CASE_VIEW)
    one, at = case_for(request.user, pk), now()
    told = story(one, at=at)
    calendar, day = calendar_in_force(), day_of(at)
    materials = list(one.application.materials.filter(replaced_at=None).select_related("file", "checked_by"))
    filters = CaseFilters.read(request.GET)
    previous, following = neighbours(request.user, filters, pk, at=at) if filters.show in TABS else (None, None)
    context = {
        "case": one,
        "previous": previous,
        "next": following,
        "query": filters.as_query(),
        "on_desk": f"?{filters.as_query()}" if filters.as_query() else "",
        "story": told,
        "due": left_of(one, on=day, calendar=calendar),
        "clocks": [each for each in told.clocks if each.last and not each.clock.ended_on],
        "past_clocks": [each for each in told.clocks if each.clock.ended_on],
        "revoked": any(each.kind == ActKind.REVOKE for each in told.acts),
        "stops": [each for each in one.stops.all() if each.ended_on is None],
        "steps": [OpenStep.of(each, told, request.user, calendar, at=at) for each in told.open_tasks],
        **_done(request, one, told, at),
        "may_verify": may(request.user, P.EXCHANGE_USE),
        "materials": materials,
        **_shared(request, one),
        "papers": list(papers_about(one.number)),
        "acts": acts_open_to(request.user, one, told.open_tasks),
        "asked_before": said_before(earlier) if (earlier := asked_before(one)) else "",
        "dispute": open_dispute(one),
        **_owed(one, calendar),
        "supply_until": _supply_until(one, day),
        "crumbs": [(f"{reverse('workbench:cases')}?{filters.as_query()}", "办件"), ("", one.number)],
    }
    return render(request, "workbench/handling/case.html", context)


def _supply_until(one: Case, day: date) -> str:
    """Tell until when a supplement may come, or how many days ago that ended."""
    last = supply_by(one)
    if last is None:
        return ""
    return f"补正最后一天{cn_day(last)}" if day <= last else f"补正过期{(day - last).days}天"


@dataclass(frozen=True, slots=True)
class OpenStep:
    """An open step, what the user may do with it, until when it is to be done, and the earlier signature that keeps the user from it."""

    task: CaseTask
    may: bool
    may_take: bool
    may_pass_on: bool
    may_finish: bool
    signed: str
    held: bool
    held_by_another: bool
    unknown: str
    due: Remaining | None

    @classmethod
    def of(cls, task: CaseTask, told: CaseStory, user: User, calendar: WorkingCalendar, *, at: datetime) -> "OpenStep":
        case, beside = told.case, len(told.open_tasks) > 1
        may = allows(user, permission_for(task), task, at=at)
        signed = signed_before(case, task, user, at=at) if may else None
        away = held_by_another(task, user, at=at)
        free = may and signed is None and not away
        other = f"“{signed}”是{signer_in_words(signed, user)}，" if signed else ""
        return cls(
            task,
            may,
            free and case.state != "supplementing",
            may_pass_on(task, user, at=at),
            free and is_finished_by_itself(case, task, beside=beside),
            other and f"{other}“{task}”要由另一位有决定权限的同事签。",
            is_held(task, at=at),
            away,
            unknown_actor(case, task),
            left_of(task, on=day_of(at), calendar=calendar),
        )


def _done(request: StaffRequest, one: Case, told: CaseStory, at: datetime) -> dict[str, Any]:
    """Tell what was done, with the words for whoever handles the case or still helps, and what may be looked at."""
    may_look = allows(request.user, Permission.CASE_PERSONAL, one, at=at)
    may_read = may_look or organs_where(request.user, P.CASE_VIEW).filter(pk=one.organ_id).exists()
    ended = [each for each in told.tasks if each.ending]
    words = [opened(each.content_sealed, purpose=CONTENT).get("words", "") if may_read else "" for each in ended]
    objected = any(
        each.ending == TaskEnding.DONE and each.verdict == TaskVerdict.DISAGREE and not one.decided_on for each in ended
    )
    done = list(zip(ended, words, strict=True))
    return {"may_look": may_look, "may_read": may_read, "done_tasks": done, "objected": objected}


def _owed(one: Case, calendar: WorkingCalendar) -> dict[str, Any]:
    """Tell what was not handed in, and what was promised until when."""
    promises = list(one.application.promises.all())
    promised = {each.position for each in promises if not each.ending}
    rows = lacking(one.application) if one.state == "received" else []
    return {
        "lacking": [each for each in rows if each.position not in promised],
        "discredited": any(each.later for each in rows) and has_bad_credit(one.applicant_id),
        "promises": [(each, calendar.day_of(each.last_rank) if each.last_rank else None) for each in promises],
    }


def _shared(request: StaffRequest, one: Case) -> dict[str, Any]:
    """Tell what sharing gave for the materials nobody has to hand in."""
    rows = shared_materials(one)
    fetched = {each.position: each for each in one.fetched.all()} if rows else {}
    shown = [
        (each.name, each.shared_from, found := fetched.get(place), *tone_of(found.outcome if found else ""))
        for place, each in rows
    ]
    waits = any(each.outcome not in OBTAINED for each in fetched.values())
    return {"shared": shown, "may_fetch": waits and one.state in OPEN and may(request.user, P.EXCHANGE_USE)}


# Looks, each recorded


@login_required
@never_cache
@require_POST
def applicant(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the applicant and the answers, which is recorded."""
    one = case_for(request.user, pk)
    seen = look_at_applicant(one, by=request.user, at=now())
    fields = text_of(one.publication).form
    answered = [(each, typed_text(each, seen.answers[each.key])) for each in fields if each.key in seen.answers]
    groups: dict[str, list[tuple[str, str]]] = {}
    for field, text in answered:
        groups.setdefault(field.group, []).append((field.label, text))
    context = {
        "case": one,
        "back": case_address(request, pk),
        "applicant": [(label, seen.applicant[key]) for key, label in LABELS.items() if seen.applicant.get(key)],
        "groups": groups,
        "records": seen.records,
        "crumbs": [
            (reverse("workbench:cases"), "办件"),
            (case_address(request, pk), one.number),
            ("", "申请人和填写的内容"),
        ],
    }
    return render(request, "workbench/handling/applicant.html", context)


LABELS = {"name": "姓名（名称）", "number": "证件号码", "phone": "手机"}


@login_required
@never_cache
@require_POST
def material(request: StaffRequest, pk: int, material: int) -> FileResponse:
    """Send the file of a material, which is recorded."""
    one = case_for(request.user, pk)
    found = CaseMaterial.objects.select_related("file").filter(pk=material, application=one.application_id).first()
    if found is None:
        raise Missing("没有这份材料", remedy="请回到办件页面，从材料清单里选。")
    return send_stored(look_at_material(one, found, by=request.user, at=now()), inline=True)


@login_required
@never_cache
@require_POST
def paper(request: StaffRequest, pk: int, paper: int) -> FileResponse:
    """Send a paper of the case, which is recorded, printed now where nobody has printed it yet."""
    one = case_for(request.user, pk)
    found = papers_about(one.number).select_related("template").filter(pk=paper).first()
    if found is None:
        raise Missing("没有这份文书", remedy="请回到办件页面，从文书里选。")
    look_at_paper(one, found, by=request.user, at=now())
    return send_stored(file_of(found, at=now()), inline=True)
