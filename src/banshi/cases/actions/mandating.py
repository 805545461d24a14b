"""Handlers of a company: named by its account, acting in its name, and withdrawn at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from banshi.access import Permission, authorize
from banshi.cases.actions.applying import draft_just_begun, held_application, save_answers, start_application
from banshi.cases.models import Application, Case, CompanyHandler
from banshi.cases.notifications import PROGRESS
from banshi.cases.steps import text_of
from banshi.catalog.models import Item
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.unit_of_work import unit_of_work
from banshi.forms import FormField, Prefill
from banshi.forms.standard import AS, ApplyingAs
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.people.enums import CitizenKind
from banshi.people.models import Identity, User
from banshi.people.queries import account_of, differs_from_identity, identity_of

SOURCES = {Prefill.COMPANY_NAME: "name", Prefill.COMPANY_CODE: "number"}
OWN = {Prefill.PERSON_NAME: "name", Prefill.PERSON_NUMBER: "number"}


@unit_of_work()
def name_handler(
    company: User, *, account: str, name: str, follows: bool = False, by: Actor, at: datetime
) -> CompanyHandler:
    """Name a person who applies in the company's name, and with `follows` sees all its cases.

    Account and name must both be the person's, so that nobody is named by mistake and no account can be guessed.
    """
    by = authorize(by, Permission.ACCOUNT_OWN, company, at=at)
    identity = identity_of(company)
    if identity is None or identity.kind == CitizenKind.PERSON:
        raise Conflict("只有单位账号可以指定经办人", remedy="请用单位的账号登录。")
    people = Identity.objects.filter(kind=CitizenKind.PERSON, user__is_active=True).select_related("user")
    person = people.filter(user__username=User.normalize_username(account.strip())).first()
    if person is None or differs_from_identity(person, "name", name):
        raise BadInput("账号名和姓名对不上", remedy="请经办人先用本人的身份证注册，再照他注册的账号名和姓名填写。")
    try:
        with transaction.atomic():
            made = CompanyHandler.objects.create(company=company, handler=person.user, follows=follows, named_at=at)
    except IntegrityError as clash:
        raise Conflict("已经指定过这位经办人", remedy="要改他能做的事，请先收回再重新指定。") from clash
    record("cases.name_handler", made, by=by, at=at, facts={"handler": person.user_id, "follows": follows})
    return made


@unit_of_work()
def withdraw_handler(handler: CompanyHandler, *, by: Actor, at: datetime) -> None:
    """Withdraw a handler.

    What they began stays the company's, and they see and do nothing of it any more.
    """
    by = authorize(by, Permission.ACCOUNT_OWN, handler.company, at=at)
    if not CompanyHandler.objects.filter(pk=handler.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise Conflict("已经收回了", remedy="请刷新页面查看。")
    Application.objects.filter(owner=handler.company_id, agent=handler.handler_id).update(agent=None)
    Case.objects.filter(applicant=handler.company_id, agent=handler.handler_id).update(agent=None)
    record("cases.withdraw_handler", handler, by=by, at=at, facts={"handler": handler.handler_id})


@unit_of_work()
def pass_to_colleague(application: Application, *, to: User, by: Actor, at: datetime) -> Application:
    """Give a company's draft, or its case until it ends, to another of its handlers, who goes on with it."""
    held = held_application(application)
    by = authorize(by, Permission.CASE_APPLY, held, at=at)
    case = Case.objects.select_for_update(of=("self",)).select_related("item").filter(application=held).first()
    if held.discarded_at or (case and case.ended_at):
        raise Conflict("已经放弃或者结束，不用再交给别人", remedy="请刷新页面查看。")
    if not CompanyHandler.objects.filter(company=held.owner_id, handler=to, withdrawn_at=None).exists():
        raise BadInput("没有这位经办人", remedy="请单位账号先在“经办人”里指定他，再交给他。")
    if not held.submitted_at:
        save_answers(held, registered_answers(text_of(held.publication).form, held.owner, to, by, at), by=by, at=at)
    before = held.agent_id
    Application.objects.filter(pk=held.pk).update(agent=to)
    record("cases.pass_to_colleague", held, by=by, at=at, facts={"from": before, "to": to.pk})
    if case:
        Case.objects.filter(pk=case.pk).update(agent=to)
        told = {"number": case.number, "item": case.item.name, "said": f"{held.owner}的这件事，现在由您接着办"}
        notify(PROGRESS, [to.pk], subject=case, context=told, at=at)
    return held


@unit_of_work()
def start_for_company(item: Item, company: User, *, by: Actor, at: datetime) -> Application:
    """Begin a draft in the name of a company, filled in with what is registered of it and of who acts."""
    person = handler_acting(company, by)
    if begun := draft_just_begun(item, owner=company, agent=person, at=at):
        return begun
    application = start_application(item, owner=company, agent=person, by=by, at=at)
    form = text_of(application.publication).form
    answers = registered_answers(form, company, person, by, at)
    if any(each.key == AS for each in form):
        answers[AS] = ApplyingAs.COMPANY.label
    return save_answers(application, answers, by=by, at=at)


def handler_acting(company: User, by: Actor) -> User:
    """Return who acts, whom the company has named.

    Raises Refused.
    """
    person = account_of(by)
    named = CompanyHandler.objects.filter(company=company, handler=person, withdrawn_at=None)
    if person is None or not named.exists():
        raise Refused("您没有被这家单位指定为经办人", remedy="请用单位账号登录，在“经办人”里指定您，再来办理。")
    return person


def registered_answers(
    form: Sequence[FormField], company: User, person: User, by: Actor, at: datetime
) -> dict[str, Any]:
    """Answer what is registered of the company and of who acts for it, each look on the record.

    A part of acts that have asked.
    """
    answers: dict[str, Any] = {}
    for identity, sources in ((identity_of(company), SOURCES), (identity_of(person), OWN)):
        asked = [
            each for each in form if each.prefill in sources and (sources is SOURCES or each.key.startswith("agent"))
        ]
        for each in asked if identity else ():
            assert identity is not None
            answers[each.key] = identity.opened(sources[Prefill(str(each.prefill))])
        if asked and identity:
            facts = {"field": "name", "reason": "经办人在线办理时填入单位的登记信息"}
            record("people.look_at_identity", identity, by=by, at=at, facts=facts)
    return answers
