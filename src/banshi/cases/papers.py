"""The paper of each lawful act: which kind it is, and what of the case stands on it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from banshi.access import Allowed
from banshi.calendar.queries import calendar_in_force
from banshi.cases.clocks import count, due_on, explanation, main_due, spans
from banshi.cases.enums import ActKind, PromiseKind
from banshi.cases.models import Case
from banshi.cases.sealing import APPLICANT, CODE, opened
from banshi.catalog.enums import TimeUnit
from banshi.core.clock import CHINA
from banshi.core.crypto import decrypt
from banshi.papers.actions import day_in_words, issue, revoke
from banshi.papers.kinds import kind_named
from banshi.papers.models import Paper
from banshi.papers.queries import papers_about

A = ActKind
KIND_OF_ACT = {
    A.RECEIVE: "receipt",
    A.ACCEPT: "acceptance",
    A.ACCEPT_SILENTLY: "acceptance",
    A.ASK_SUPPLEMENT: "supplement",
    A.REFUSE_TO_ACCEPT: "refusal_to_accept",
    A.NOT_OURS: "not_ours",
    A.OPEN_STOP: "special_procedure",
    A.CLOSE_STOP: "resumption",
    A.EXTEND: "extension",
    A.SUSPEND: "suspension",
    A.RESUME: "resumption",
    A.TERMINATE: "termination",
    A.WITHDRAW: "termination",
    A.GRANT: "approval",
    A.GRANT_SILENTLY: "approval",
    A.DENY: "refusal",
    A.DELIVER: "delivery",
    A.OFFER_DEFERRAL: "deferral",
    A.REVOKE: "revocation",
}
"""Acts of the office that are told on paper. Those of the applicant have none."""
OUTCOMES = ("approval", "result")
WAYS = {"window": "窗口领取", "mail": "邮寄送达", "online": "网上送达"}
UNITS = {TimeUnit.WORKING_DAY: "个工作日", TimeUnit.DAY: "日", TimeUnit.MONTH: "个月"}


def issue_of_act(
    case: Case,
    act: ActKind,
    *,
    content: Mapping[str, Any],
    facts: Mapping[str, Any],
    basis: str,
    effective_on: date,
    by: Allowed,
    at: datetime,
) -> list[Paper]:
    """Issue what an act says on paper, the letter first.

    A grant comes with the result itself, a receipt with the commitments made, a revocation ends what was granted.
    """
    kind = KIND_OF_ACT.get(act)
    if kind is None:
        return []
    said = {**_known(case), **_of_clock(case), **_of_act(case, act, content, facts, effective_on, by, at)}
    said |= {"basis": [basis]} if basis else {}
    kinds = [(kind, said)]
    if act is A.RECEIVE:
        kinds += [("commitment", said | each) for each in _commitments(case)]
    if act in (A.GRANT, A.GRANT_SILENTLY) and (name := case.publication.revision.guide.result_name):
        kinds.append(("result", said | {"result_name": name, "result_text": [said["decision"]]}))
    recipient = opened(case.applicant_sealed, purpose=APPLICANT)["name"]
    issued = []
    for each, of_it in kinds:
        known = kind_named(each).facts
        given = {key: value for key, value in of_it.items() if key in known and value}
        paper = issue(each, organ=case.organ, recipient=recipient, facts=given, about=case.number, by=by, at=at)
        issued.append(paper)
    if act is A.REVOKE:
        for paper in papers_about(case.number).filter(kind__in=OUTCOMES, revoked_at=None):
            revoke(paper, reason=str(content.get("words") or "已撤销"), by=by, at=at)
    return issued


def _known(case: Case) -> dict[str, Any]:
    """Return what stands on nearly every paper of a case."""
    received = case.received_at.astimezone(CHINA)
    return {
        "item": case.item.name,
        "item_code": case.item.code,
        "case_number": case.number,
        "applied_on": day_in_words(received),
        "received_at": f"{day_in_words(received)}{received:%H时%M分}",
        "accepted_on": day_in_words(case.accepted_on) if case.accepted_on else "",
        "phone": case.organ.phone,
        "remedies": case.publication.revision.guide.remedies.rstrip("。"),
    }


def _of_clock(case: Case) -> dict[str, Any]:
    """Return the limit that runs, its last day as it would be counted now, and why that day."""
    calendar, stops = calendar_in_force(), list(case.stops.all())
    clocks = list(case.clocks.filter(ended_on=None))
    for each in clocks:
        count(each, spans(stops), calendar=calendar)
    main = next((each for each in clocks if each.kind == main_due(clocks)["due_kind"]), None)
    last = due_on(main, calendar=calendar) if main else None
    if main is None or last is None:
        return {}
    return {
        "limit": f"{main.limit + main.extension}{UNITS[TimeUnit(main.unit)]}",
        "due_on": day_in_words(last),
        "new_due_on": day_in_words(last),
        "due_why": explanation(main, stops, calendar=calendar),
    }


def _of_act(
    case: Case,
    act: ActKind,
    content: Mapping[str, Any],
    facts: Mapping[str, Any],
    effective_on: date,
    by: Allowed,
    at: datetime,
) -> dict[str, Any]:
    """Return what this act alone says."""
    words, today = str(content.get("words") or "").strip().rstrip("。"), day_in_words(effective_on)
    materials = case.publication.revision.guide.materials
    told: dict[str, Any] = {
        "reason": words,
        "from_day": today,
        "until_day": today,
        "where_to": content.get("where", ""),
    }
    told |= {"remedies": str(content["remedies"]).rstrip("。")} if content.get("remedies") else {}
    match act:
        case A.RECEIVE:
            handed_in = case.application.materials.filter(replaced_at=None)
            rows = [[each.name, "电子件" if each.file_id else each.source, "1"] for each in handed_in]
            told["materials"] = rows or [["（没有材料）", "—", "0"]]
            told["query_code"] = decrypt(bytes(case.query_code_sealed), purpose=CODE)
        case A.ACCEPT_SILENTLY:
            told["reason"] = "收件后逾期未告知补正，自收到申请材料之日起即为受理"
        case A.ASK_SUPPLEMENT:
            names = {number: each.name for number, each in enumerate(materials)}
            told["wanted"] = [
                [names.get(each["position"], each["field"]), each["problem"], ""] for each in content["wanted"]
            ]
        case A.OPEN_STOP:
            told |= {"procedure": facts["procedure"], "procedure_time": f"{facts['expected_days']}个工作日"}
        case A.CLOSE_STOP:
            told["reason"] = f"{facts['procedure']}已经结束"
        case A.RESUME:
            told["reason"] = words or "中止的原因已经消除"
        case A.EXTEND:
            before = due_on(case, calendar=calendar_in_force())
            told |= {"extended_by": f"{facts['days']}个工作日", "approved_by": by.ledger_name}
            told |= {"due_on": day_in_words(before)} if before else {}
        case A.WITHDRAW:
            told["reason"] = f"申请人撤回申请{'：' + words if words else ''}"
        case A.GRANT | A.GRANT_SILENTLY:
            told["decision"] = words or f"准予“{case.item.name}”的申请"
            until = facts.get("valid_until")
            told |= {"valid_from": today, "valid_until": day_in_words(date.fromisoformat(until))} if until else {}
        case A.DELIVER:
            papers = papers_about(case.number).filter(kind__in=("approval", "refusal", "result"), revoked_at=None)
            told["delivered"] = [str(each) for each in papers.order_by("id")] or ["办理结果"]
            told |= {"delivery_way": WAYS.get(facts.get("way", ""), facts.get("way", "")), "officer": by.ledger_name}
            local = at.astimezone(CHINA)
            told |= {"delivered_on": f"{day_in_words(local)}{local:%H时%M分}"}
            told["receiver"] = words or opened(case.applicant_sealed, purpose=APPLICANT)["name"]
        case A.OFFER_DEFERRAL:
            last = day_in_words(date.fromisoformat(facts["until"]))
            told["lacking"] = [[each, content.get("form") or "按办事指南", last] for each in content["papers"]]
            told["supply_by"] = last
        case A.REVOKE:
            granted = papers_about(case.number).filter(kind="approval").first()
            told["revoked_number"] = str(granted) if granted else "准予决定"
    return told


def _commitments(case: Case) -> list[dict[str, Any]]:
    made = case.application.promises.filter(kind=PromiseKind.COMMITMENT, ending="").exclude(agreed_at=None)
    conditions = [each.text for each in case.publication.revision.guide.conditions]
    liability = "不实承诺的，终止办理或者撤销决定，并记入信用记录"
    return [
        {
            "proof": each.name,
            "told": [*conditions, liability],
            "commitment": ["所承诺的情况真实", "已经符合告知的条件", "愿意承担承诺不实的法律责任"],
        }
        for each in made
    ]
