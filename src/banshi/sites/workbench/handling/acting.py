"""The page of one lawful act: effect, clock, article and paper shown before it is done, then a preview, then the act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from banshi.access import Permission, allows
from banshi.calendar.queries import calendar_in_force
from banshi.cases import actions
from banshi.cases.actions.pausing import limit_to_extend
from banshi.cases.actions.recording import PAPERS, open_tasks
from banshi.cases.clocks import is_over
from banshi.cases.enums import ActKind, PromiseKind
from banshi.cases.models import Case, CaseOutcome, CaseTask
from banshi.cases.notifications import SAID
from banshi.cases.policy import LAPSES, policy
from banshi.cases.queries import (
    bad_credit_of,
    has_bad_credit,
    held_by_another,
    lacking,
    lapses_of,
    open_dispute,
    signed_before,
    supply_by,
)
from banshi.cases.steps import deciding_stage, plan_of
from banshi.catalog.enums import StepKind
from banshi.core.clock import chinese_date, day_of, now
from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Refused
from banshi.papers.kinds import kind_named
from banshi.people.models import User
from banshi.sites.kit.errors import error_page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.handling import forms
from banshi.sites.workbench.handling.access import case_address, case_for
from banshi.workflow.queries import moves_open_to
from banshi.workflow.versions import state_of


@dataclass(frozen=True, slots=True)
class HandlingAct:
    """A lawful act as its page tells of it. `move` is its name in the workflow, or "" where it moves nothing."""

    move: str
    label: str
    kind: ActKind
    effect: str
    clock: str
    form: type[forms.ActForm]
    do: Callable[..., Any]
    danger: bool = False

    @property
    def paper(self) -> str:
        """Name the paper it issues, or ""."""
        return kind_named(PAPERS[self.kind]).label if self.kind in PAPERS else ""

    @property
    def done(self) -> str:
        """Tell what has been done and who hears of it."""
        paper = f"，{self.paper}已经出具" if self.paper else ""
        return f"“{self.label}”办好了{paper}{'，申请人会收到消息' if self.kind in SAID else ''}。"

    @property
    def main(self) -> bool:
        """Tell whether it is what the case waits for."""
        return self.kind in (ActKind.ACCEPT, ActKind.GRANT, ActKind.DELIVER, ActKind.RESUME)


K = ActKind
ACTS = {
    "accept": HandlingAct(
        "accept",
        "受理",
        K.ACCEPT,
        "受理申请，转到下一个环节。申请人会收到通知。",
        "受理期限停止，承诺时限和法定时限从受理之日起算；补正过的从补齐之日起算。",
        forms.ActForm,
        actions.accept,
    ),
    "supplement": HandlingAct(
        "ask_supplement",
        "要求补正",
        K.ASK_SUPPLEMENT,
        "一次告知要补正的全部内容。只能要求一次：第一次看得到而没有提的，以后不能再要求。",
        "受理期限停止，申请人补齐之日起重新计算五个工作日。",
        forms.SupplementForm,
        actions.request_supplement,
    ),
    "refuse": HandlingAct(
        "refuse_to_accept",
        "不予受理",
        K.REFUSE_TO_ACCEPT,
        "办件到此结束。通知里写明理由、依据、可以到哪里办和救济途径。",
        "所有期限停止。",
        forms.RefusalForm,
        actions.refuse_to_accept,
        danger=True,
    ),
    "not-ours": HandlingAct(
        "not_ours",
        "不属于本机关",
        K.NOT_OURS,
        "办件到此结束，告知申请人应当向哪个机关申请。",
        "所有期限停止。",
        forms.NotOursForm,
        actions.not_ours,
        danger=True,
    ),
    "defer": HandlingAct(
        "",
        "容缺受理",
        K.OFFER_DEFERRAL,
        "请申请人承诺以后补交次要材料。本人同意以后就可以受理，到期不补交的，依规终止。",
        "受理期限照常走。",
        forms.DeferralForm,
        actions.offer_deferral,
    ),
    "stop": HandlingAct(
        "open_stop",
        "启动特别程序",
        K.OPEN_STOP,
        "听证、检验、检测、专家评审等需要的时间另外算，书面告知申请人需要多久。",
        "从第二天起停表，程序结束的第二天继续走。",
        forms.StopForm,
        actions.open_stop,
    ),
    "stop-end": HandlingAct(
        "close_stop",
        "特别程序结束",
        K.CLOSE_STOP,
        "登记特别程序的结果，继续办理。",
        "停表结束，期限从明天起接着走；还有别的程序没有结束的，仍然停表。",
        forms.StopEndForm,
        lambda case, stop, **given: actions.close_stop(stop, **given),
    ),
    "extend": HandlingAct(
        "",
        "延长期限",
        K.EXTEND,
        "经本机关负责人批准延长一次（联合办理的由本级政府负责人批准），理由告知申请人。",
        "还没有到期的各项期限都往后延；承诺时限已经过了的，仍算逾期。",
        forms.ExtensionForm,
        actions.extend,
    ),
    "suspend": HandlingAct(
        "suspend",
        "中止",
        K.SUSPEND,
        "暂时不能办下去的，中止办理，恢复以后接着办。",
        "停表，恢复之日的第二天继续走。",
        forms.SuspendForm,
        actions.suspend,
    ),
    "resume": HandlingAct(
        "resume",
        "恢复办理",
        K.RESUME,
        "中止的原因没有了，继续办理。",
        "期限接着走。",
        forms.RemarkForm,
        actions.resume,
    ),
    "grant": HandlingAct(
        "grant",
        "准予",
        K.GRANT,
        "作出准予的决定，转送达。",
        "办理期限停止，送达期限开始。",
        forms.GrantForm,
        lambda case, **given: actions.decide(case, granted=True, **given),
    ),
    "deny": HandlingAct(
        "deny",
        "不予批准",
        K.DENY,
        "作出不予批准的决定，转送达。决定里写明理由、依据和救济途径。",
        "办理期限停止，送达期限开始。",
        forms.DenyForm,
        lambda case, **given: actions.decide(case, granted=False, **given),
        danger=True,
    ),
    "deliver": HandlingAct(
        "deliver",
        "登记送达",
        K.DELIVER,
        "结果已经交给申请人，办件办结。",
        "送达期限停止。",
        forms.DeliverForm,
        actions.deliver,
    ),
    "terminate": HandlingAct(
        "terminate",
        "终止办理",
        K.TERMINATE,
        "办件到此结束，不作准予或不予的决定。通知里写明理由和救济途径。",
        "所有期限停止。",
        forms.ReasonForm,
        actions.terminate,
        danger=True,
    ),
    "deem-withdrawn": HandlingAct(
        "deem_withdrawn",
        "视为撤回",
        K.DEEM_WITHDRAWN,
        "补正期满没有补齐，法律、法规、规章规定视为撤回申请的，办件到此结束。通知里写明依据和救济途径。",
        "所有期限停止。",
        forms.LapseForm,
        actions.deem_withdrawn,
        danger=True,
    ),
    "check": HandlingAct(
        "",
        "核查承诺",
        K.CHECK_PROMISE,
        "登记事后核查的结果。不实的记入失信记录，负责人可以撤销决定。",
        "不影响期限。",
        forms.CheckForm,
        lambda case, promise, **given: actions.check_promise(promise, **given),
    ),
    "repair": HandlingAct(
        "",
        "修复信用",
        K.REPAIR_CREDIT,
        "申请人改正以后，这件办件上的失信记录修复，以后又可以容缺、可以用承诺代替材料。",
        "不影响期限。",
        forms.RepairForm,
        lambda case, reason, **who: actions.repair_credit(bad_credit_of(case)[0], reason=reason, **who),
    ),
    "dispute": HandlingAct(
        "",
        "答复更正申请",
        K.ANSWER_DISPUTE,
        "申请人说登记的信息不对，请掌握登记的机关核对，把结果告诉申请人。办件照常办。",
        "不影响期限。",
        forms.DisputeForm,
        actions.answer_dispute,
    ),
    "revoke": HandlingAct(
        "",
        "撤销决定",
        K.REVOKE,
        "撤销已经作出的准予决定，它的文书同时失效。通知里写明理由和救济途径。",
        "不影响期限。",
        forms.RevocationForm,
        lambda case, **given: actions.revoke_outcome(case.outcome, **given),
        danger=True,
    ),
    "return": HandlingAct(
        "",
        "退回环节",
        K.RETURN_STEP,
        "正在办的环节结束，退回的环节重新打开。",
        "期限照常走，不因退回停止或重新计算。",
        forms.ReturnForm,
        actions.return_to_step,
    ),
}


OF_A_STEP = ("accept", "supplement", "refuse", "not-ours", "grant", "deny", "deliver")
"""Acts that end a step, or wait for the applicant, and so are refused while a colleague has it in hand."""


def acts_open_to(user: User, case: Case, tasks: Sequence[CaseTask]) -> list[tuple[str, HandlingAct]]:
    """List acts the user may do now, in the order of the law, given the open steps."""
    at = now()
    moves = {each.name for each in moves_open_to(user, case, at=at)}
    promises = case.application.promises.filter(kind=PromiseKind.COMMITMENT, ending="")
    granted = CaseOutcome.objects.filter(case=case, granted=True, revoked_at=None)
    extension = Permission.CASE_EXTEND_JOINT if case.joint else Permission.CASE_EXTEND
    others: dict[str, tuple[Permission, Callable[[], bool]]] = {
        "defer": (
            Permission.CASE_ACCEPT,
            lambda: (
                case.state == "received"
                and any(each.later for each in lacking(case.application))
                and not has_bad_credit(case.applicant_id)
            ),
        ),
        "extend": (
            extension,
            lambda: (
                case.accepted_on is not None
                and case.decided_on is None
                and not case.ended_at
                and not case.acts.filter(kind=ActKind.EXTEND).exists()
                and (limit := limit_to_extend(case.clocks.filter(ended_on=None))) is not None
                and not is_over(limit, on=day_of(at), calendar=calendar_in_force())
            ),
        ),
        "check": (Permission.CASE_HANDLE, promises.exists),
        "dispute": (Permission.CASE_HANDLE, lambda: open_dispute(case) is not None),
        "revoke": (Permission.CASE_DECIDE, granted.exists),
        "repair": (Permission.CASE_DECIDE, bad_credit_of(case).exists),
        "return": (Permission.CASE_ASSIGN, lambda: case.state == "handling" and case.stage > 1),
    }

    plan = plan_of(case.publication)
    decides = deciding_stage(plan)
    two_sign = case.stage == decides and sum(each.kind is StepKind.DECIDE for each in plan) > 1
    signed = two_sign and any(signed_before(case, each, user, at=at) for each in tasks)

    lapses, last = lapses_of(case), supply_by(case)
    lapsed = last is None or day_of(at) > last
    in_hand = any(each.stage == case.stage and held_by_another(each, user, at=at) for each in tasks)

    def offered(name: str, one: HandlingAct) -> bool:
        if in_hand and name in OF_A_STEP:
            return False
        if name in ("grant", "deny") and (case.stage != decides or signed):
            return False
        if name == "deliver" and plan[case.stage].kind is not StepKind.DELIVER:
            return False
        if case.state == "supplementing" and one.kind in LAPSES and not (lapsed and one.kind in lapses):
            return False
        if name not in others:
            return one.move in moves or (name == "resume" and "resume_stopped" in moves)
        permission, fits = others[name]
        return allows(user, permission, case, at=at) and fits()

    return [(name, each) for name, each in ACTS.items() if offered(name, each)]


def _why_closed(case: Case, one: HandlingAct) -> BanshiError:
    """Tell who did the act last, where it was done, and else in which state the case is."""
    state = state_of(case).label
    if (last := case.acts.filter(kind=one.kind).order_by("-at", "-id").first()) is None:
        remedy = f"办件现在“{state}”，同事正在办，或者不由您办理。请回到办件页面查看。"
        return Refused(f"现在不能“{one.label}”", remedy=remedy)
    done = f"{last.by_name or '系统'}{chinese_date(day_of(last.at))}已经办过“{one.label}”，办件现在“{state}”"
    return Conflict(f"现在不能“{one.label}”：{done}", remedy="请回到办件页面，看现在可以办什么。")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    case = case_for(request.user, pk)
    if name not in ACTS:
        raise Missing("没有这种办理", remedy="请回到办件页面，从“办理”里选。")
    if name not in dict(acts_open_to(request.user, case, open_tasks(case))):
        return error_page(request, _why_closed(case, ACTS[name]), back=case_address(request, pk))
    one = ACTS[name]
    form, refused = one.form(case, request.POST if request.method == "POST" else None), False
    if form.is_valid() and "confirmed" in request.POST and "edit" not in request.POST:
        try:
            one.do(case, **form.given, by=request.user, at=now())
            messages.success(request, one.done)
            return redirect(case_address(request, pk))
        except BadInput as trouble:
            form.add_error(None, str(trouble))
        except Conflict as trouble:  # what was typed stays, with a way back to the case
            form.add_error(None, str(trouble))
            refused = True
    valid = form.is_bound and form.is_valid()
    preview = valid and "edit" not in request.POST
    context = {
        "case": case,
        "back": case_address(request, pk),
        "act": one,
        "basis": policy().basis_of(one.kind, case.item.kind),
        "form": form,
        "preview": preview,
        "asks": bool(form.fields),
        "crumbs": [
            (reverse("workbench:cases"), "办件"),
            (case_address(request, pk), case.number),
            ("", one.label),
        ],
    }
    status = 409 if refused else 422 if form.is_bound and not valid else 200
    return render(request, "workbench/handling/act.html", context, status=status)
