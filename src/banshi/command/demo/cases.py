"""The demonstration's cases, in every state, made by the real actions at moments gone by. All marked 示例."""

import io
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from banshi.calendar.queries import calendar_in_force
from banshi.cases import actions
from banshi.cases.enums import PromiseKind, TaskVerdict
from banshi.cases.models import Application, Case, CaseTask, CreditEntry
from banshi.cases.queries import asked_of
from banshi.catalog.guide.form import form_of
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.tables import document
from banshi.core.clock import CHINA, day_of
from banshi.core.models import StoredFile
from banshi.documents.official import Official
from banshi.documents.official_files import as_pdf
from banshi.files import keep
from banshi.forms import FieldKind, FormField, visible
from banshi.handout.actions import shelve
from banshi.ledger import Actor, System
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.reception.actions import give_mandate

OPENING = time(9, 30)
APART = timedelta(minutes=7)
PHONE = "13800000000"
SAMPLES = {
    FieldKind.DATE: "2026-01-05",
    FieldKind.NUMBER: 1,
    FieldKind.MONEY: "100.00",
    FieldKind.YES_NO: True,
    FieldKind.PHONE: PHONE,
    FieldKind.ADDRESS: "示例市样例大道1号",
    FieldKind.EMAIL: "example@example.com",
}
FOR_WHOM = {"person": "为自己办", "company": "为单位办"}


def build_cases(city: Catalogue) -> None:
    """Build the cases of data/demo/cases.json, the oldest first."""
    papers: dict[int, StoredFile] = {}
    told = sorted(document("demo/cases.json"), key=lambda row: -row["days_ago"])
    for number, row in enumerate(told):
        person = city.accounts[row["applicant"]]
        begun = _moment(city, row["days_ago"], number)
        if person.pk not in papers:
            papers[person.pk] = _paper(person, begun)
        application = _application(city, row, person, papers[person.pk], begun)
        if row.get("draft"):
            continue
        case = actions.submit(application, key=application.key, by=person, at=begun)
        for place, act in enumerate(row["acts"], 1):
            at = _moment(city, act["days_ago"], number) + place * APART
            by: Actor = city.accounts[act["by"]] if act["by"] else System("demo")
            ACTS[act["act"]](Case.objects.get(pk=case.pk), act, papers[person.pk], by=by, at=at)
    agent, at = city.accounts["agent-lq"], _moment(city, 3, 0)
    give_mandate(
        city.accounts["citizen"],
        matters="申请社会保险待遇",
        until=day_of(at) + timedelta(days=180),
        paper=_paper(agent, at),
        by=agent,
        at=at,
    )


def _moment(city: Catalogue, working_days_ago: int, number: int) -> datetime:
    """Return a moment of the working day so long ago, in the order of the file, and never after now."""
    calendar = calendar_in_force()
    day = calendar.day_of(calendar.rank_of(day_of(city.now)) - working_days_ago)
    return min(
        datetime.combine(day, OPENING, CHINA) + number * APART,
        city.now - timedelta(hours=1) + number * timedelta(seconds=1),
    )


def _application(city: Catalogue, row: dict[str, Any], person: User, paper: StoredFile, at: datetime) -> Application:
    item = city.items[tuple(row["item"])]
    application = actions.start_application(item, by=person, at=at)
    guide = application.publication.revision.guide
    application = actions.save_answers(
        application, _answers(form_of(guide), person, row.get("answers", {})), by=person, at=at
    )
    for position, material in enumerate(asked_of(application)):
        if position in row.get("commit", ()):
            actions.commit(application, position, by=person, at=at)
        elif not material.shared and position not in row.get("without", ()):
            actions.attach_material(application, position, paper, by=person, at=at)
    return application


def _answers(form: tuple[FormField, ...], person: User, given: dict[str, Any]) -> dict[str, Any]:
    """Answer every question that must be answered, as an example would, or as given."""
    identity = identity_of(person)
    assert identity is not None
    name, number = identity.opened("name"), identity.opened("number")
    agent = {"agent_name": "林小例", "agent_number": "990100198808080025"}
    known = {"applicant_name": name, "applicant_number": number, "company_name": name, "company_code": number, **agent}
    answers: dict[str, Any] = dict(given)
    for field in form:
        if field.key not in given and field.required and field in visible(form, answers):
            ours = FOR_WHOM[identity.kind]
            picked = ours if ours in field.choices else next(iter(field.choices), "示例")
            several = [picked] if field.kind is FieldKind.CHOICES else picked
            answers[field.key] = known.get(field.key) or SAMPLES.get(field.kind, several)
    return answers


def _paper(person: User, at: datetime) -> StoredFile:
    """Keep one page that says it is no real paper, for every material of a person."""
    page = as_pdf(Official("示例材料", "", ("为演示编写，不是真实文件。",), (), (), "示例", at.date()))
    return keep(io.BytesIO(page), name="示例材料.pdf", purpose="material", organ=None, by=person, at=at)


def _finish(case: Case, told: dict[str, Any], paper: StoredFile, *, by: Actor, at: datetime) -> None:
    task = _task_of(case, by)
    actions.finish_task(task, verdict=TaskVerdict.AGREE, words=told["words"], by=by, at=at)


def _task_of(case: Case, by: Actor) -> CaseTask:
    """Find the step of a case that is open in the organ of whoever acts, else the first open one."""
    open_tasks = CaseTask.objects.filter(case=case, ending="").order_by("id")
    posts = getattr(by, "posts", None)
    own = open_tasks.filter(organ__in=posts.values("organ")) if posts is not None else open_tasks
    return own.first() or open_tasks[0]


def _supply(case: Case, told: dict[str, Any], paper: StoredFile, *, by: Actor, at: datetime) -> None:
    actions.attach_material(case.application, told["position"], paper, by=by, at=at)
    actions.supply(case, by=by, at=at)


def _defer(case: Case, told: dict[str, Any], paper: StoredFile, *, by: Actor, at: datetime) -> None:
    until = calendar_in_force().add_working_days(day_of(at), told["within"])
    actions.offer_deferral(case, positions=told["positions"], until=until, form=told["words"], by=by, at=at)


def _check(case: Case, told: dict[str, Any], paper: StoredFile, *, by: Actor, at: datetime) -> None:
    promise = case.application.promises.get(kind=PromiseKind.COMMITMENT, ending="")
    actions.check_promise(promise, true=told["true"], words=told["words"], by=by, at=at)


Doing = Callable[..., Any]
ACTS: dict[str, Doing] = {
    "silence": lambda case, told, paper, by, at: actions.accept_overdue(by=by, at=at),
    "accept": lambda case, told, paper, by, at: actions.accept(case, by=by, at=at),
    "supplement": lambda case, told, paper, by, at: actions.request_supplement(
        case, wanted=[actions.Wanted(told["words"], told["position"])], by=by, at=at
    ),
    "supply": _supply,
    "refuse": lambda case, told, paper, by, at: actions.refuse_to_accept(
        case,
        ground="by_law",
        citation=told["basis"],
        reason=told["words"],
        where=told["where"],
        by=by,
        at=at,
    ),
    "not-ours": lambda case, told, paper, by, at: actions.not_ours(
        case, where=told["where"], reason=told["words"], by=by, at=at
    ),
    "take": lambda case, told, paper, by, at: actions.claim(_task_of(case, by), by=by, at=at),
    "finish": _finish,
    "stop": lambda case, told, paper, by, at: actions.open_stop(
        case, procedure=told["procedure"], expected_days=told["expected"], words=told["words"], by=by, at=at
    ),
    "stop-end": lambda case, told, paper, by, at: actions.close_stop(
        case.stops.get(ended_on=None), words=told["words"], by=by, at=at
    ),
    "resume": lambda case, told, paper, by, at: actions.resume(case, words=told["words"], by=by, at=at),
    "return": lambda case, told, paper, by, at: actions.return_to_step(
        case, stage=told["stage"], words=told["words"], by=by, at=at
    ),
    "defer": _defer,
    "promise": lambda case, told, paper, by, at: actions.agree_to_deferral(case, by=by, at=at),
    "bring": lambda case, told, paper, by, at: actions.attach_material(
        case.application, told["position"], paper, by=by, at=at
    ),
    "unsupplied": lambda case, told, paper, by, at: actions.end_unsupplied(by=by, at=at),
    "check": _check,
    "revoke": lambda case, told, paper, by, at: actions.revoke_outcome(
        case.outcome, reason=told["words"], basis=told["basis"], by=by, at=at
    ),
    "repair": lambda case, told, paper, by, at: actions.repair_credit(
        CreditEntry.objects.get(promise__application=case.application), reason=told["words"], by=by, at=at
    ),
    "suspend": lambda case, told, paper, by, at: actions.suspend(
        case, reason=told["words"], basis=told["basis"], by=by, at=at
    ),
    "extend": lambda case, told, paper, by, at: actions.extend(
        case, reason=told["words"], days=told["days"], by=by, at=at
    ),
    "grant": lambda case, told, paper, by, at: actions.decide(case, granted=True, words=told["words"], by=by, at=at),
    "deny": lambda case, told, paper, by, at: actions.decide(case, granted=False, words=told["words"], by=by, at=at),
    "deliver": lambda case, told, paper, by, at: actions.deliver(
        case, way=told["way"], words=told["words"], by=by, at=at
    ),
    "shelve": lambda case, told, paper, by, at: shelve(case, place=told["place"], by=by, at=at),
    "terminate": lambda case, told, paper, by, at: actions.terminate(case, reason=told["words"], by=by, at=at),
    "deem_withdrawn": lambda case, told, paper, by, at: actions.deem_withdrawn(
        case, reason=told["words"], basis=told["basis"], by=by, at=at
    ),
    "withdraw": lambda case, told, paper, by, at: actions.withdraw(case, words=told["words"], by=by, at=at),
}
