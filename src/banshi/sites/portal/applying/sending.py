"""Check your answers, send once, get number and receipt, or give the draft up."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.cases.actions import discard_application, save_answers, submit
from banshi.cases.actions.applying import wanting
from banshi.cases.enums import CaseChannel
from banshi.cases.models import Case
from banshi.cases.policy import policy
from banshi.cases.queries import cases_of, code_of, lacking
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Missing, Problem
from banshi.core.id_numbers import mask_id
from banshi.forms import FieldKind, FormField, typed_text, without_hidden
from banshi.sites.kit.address import as_guid, text_in
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import Draft, FormPages, draft_of, elsewhere, steps_shown
from banshi.sites.portal.applying.materials import rows_of

MASKED = {FieldKind.ID_NUMBER}


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """A question with its answer in words."""

    field: FormField
    text: str
    wrong: str


@dataclass(frozen=True, slots=True)
class AddressedProblem:
    """A problem and the page on which it is mended."""

    message: str
    remedy: str
    url: str


def answers_shown(draft: Draft) -> list[tuple[str, int, list[AnswerShown]]]:
    """List the pages of the form with their answers."""
    wrong = {each.field: each.message for each in draft.problems}
    return [
        (
            step.title,
            step.number,
            [
                AnswerShown(field, answer_in_words(field, draft.answers.get(field.key)), wrong.get(field.key, ""))
                for field in step.fields
                if field.required or draft.answers.get(field.key) not in (None, "", [])
            ],
        )
        for step in draft.steps
    ]


def answer_in_words(field: FormField, answer: Any) -> str:
    if isinstance(answer, list):
        return "、".join(map(str, answer))
    text = typed_text(field, answer)
    if field.kind in MASKED:
        return mask_id(text)
    return f"{text}元" if field.kind is FieldKind.MONEY and text else text


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show all that will be sent, and send it."""
    draft = draft_of(request, guid)
    if away := elsewhere(draft):
        return away
    refused: list[Problem] = []
    if request.method == "POST":
        if "leave" in request.POST:
            return redirect("portal:my-cases")
        if "back" in request.POST:
            return redirect(steps_shown(draft, "check")["back"])
        key = as_guid(text_in(request.POST, "key")) or draft.application.key
        if "true" not in request.POST:
            refused = [*unfinished(draft), Problem("请勾选“以上内容属实”", field="true")]
        else:
            hidden = draft.answers.keys() - without_hidden(draft.form, draft.answers).keys()
            if hidden and draft.application.channel == CaseChannel.SYSTEM:
                save_answers(draft.application, dict.fromkeys(hidden), by=request.user, at=now())
            try:
                submit(draft.application, key=key, by=request.user, at=now())
            except BadInput as wrong:
                refused = [*wrong.problems] or [Problem(wrong.message, remedy=wrong.remedy)]
            except Conflict:  # the guide changed or ended in this moment, which the page that follows tells
                return redirect("portal:application-changes", guid)
            else:
                return redirect("portal:application-sent", guid)
    rows = rows_of(draft) if draft.asked else []
    context = {
        **steps_shown(draft, "check"),
        "pages": answers_shown(draft),
        "rows": [each for each in rows if not each.material.shared],
        "free": [each for each in rows if each.material.shared],
        "problems": [addressed(draft, each) for each in (refused or unfinished(draft))],
    }
    return render(request, "portal/applying/check.html", context, status=422 if refused else 200)


def unfinished(draft: Draft) -> list[Problem]:
    """List what submitting would refuse."""
    application, answers = draft.application, without_hidden(draft.form, draft.answers)
    return wanting(application.owner, draft.form, answers, lacking(application), on=today())


def addressed(draft: FormPages, problem: Problem) -> AddressedProblem:
    """Tell on which page a problem is mended."""
    table, _, place = problem.field.partition(".")
    if table == "materials":
        url = f"{draft.address(f'{draft.prefix}-materials')}#m{place}"
    elif problem.field in ("true", "changed"):
        url = f"#{problem.field}"
    else:
        url = f"{draft.address(f'{draft.prefix}-page', draft.step_of(problem.field))}#q-{problem.field}"
    return AddressedProblem(problem.message, problem.remedy, url)


@login_required
@never_cache
@require_safe
def sent(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show number and receipt, again and again."""
    case: Case | None = cases_of(request.user).filter(application__guid=guid).first()
    if case is None:
        raise Missing("没有这份办件", remedy="请到“我的办件”查看。")
    context = {"case": case, "code": code_of(case), "days": policy().acceptance.days}
    return render(request, "portal/applying/sent.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: StaffRequest, guid: UUID) -> HttpResponse:
    draft = draft_of(request, guid)
    if draft.application.submitted_at:
        return redirect("portal:application-sent", guid)
    if request.method == "POST":
        discard_application(draft.application, by=request.user, at=now())
        messages.success(request, "草稿已经放弃，填的内容和上传的材料都删除了")
        return redirect("portal:my-cases")
    return render(request, "portal/applying/discard.html", {"draft": draft, "item": draft.item})
