"""Mandates of agents: given in writing for a time, ended by either side at any moment."""

from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.models import StoredFile
from banshi.events import emit
from banshi.files import keep
from banshi.ledger import Actor, record
from banshi.people.actions import register_at_counter
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.posts import posts_giving
from banshi.people.queries import account_of
from banshi.reception.events import MANDATE_ENDED, MANDATE_GIVEN
from banshi.reception.models import Mandate
from banshi.uploads.receiving import examined

LONGEST = timedelta(days=366)


@transaction.atomic
def give_mandate(person: User, *, matters: str, until: date, paper: StoredFile, by: Actor, at: datetime) -> Mandate:
    """Register the paper by which a person lets an agent act for them until a day."""
    authorize(by, Permission.CASE_AGENT, at=at)
    agent, day = account_of(by), day_of(at)
    assert agent is not None
    if agent.pk == person.pk:
        raise Refused("不能委托自己", remedy="自己的事请用个人账号办。")
    if not matters.strip():
        raise BadInput("没有写委托办什么", [Problem("请照委托书写明委托办什么", field="matters")])
    if not day <= until <= day + LONGEST:
        raise BadInput("委托的最后一天不对", [Problem("从今天起，最长一年", field="until")])
    organ = posts_giving(agent, Permission.CASE_AGENT, at)[0][0].organ
    Mandate.objects.filter(person=person, agent=agent, ended_at=None, until__lt=day).update(ended_at=at)
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                person=person,
                agent=agent,
                organ=organ,
                matters=matters.strip()[:300],
                paper=paper,
                since=day,
                until=until,
                given_by=agent,
                given_at=at,
            )
    except IntegrityError as clash:
        raise Conflict("已经有这个人的委托", remedy="要改的，请先结束原来的委托，再登记新的。") from clash
    facts = {"person": person.pk, "agent": agent.pk, "until": until.isoformat(), "paper": paper.digest}
    record("reception.give_mandate", mandate, by=by, at=at, facts=facts)
    emit(MANDATE_GIVEN, mandate, by=by, at=at)
    return mandate


@transaction.atomic
def take_mandate(
    *,
    name: str,
    number: str,
    phone: str,
    matters: str,
    until: date | None,
    paper: UploadedFile | None,
    by: Actor,
    at: datetime,
) -> Mandate:
    """Register the person by their card and the paper by which they let one act for them."""
    asked = {
        "name": (name.strip(), "请写委托人的姓名"),
        "number": (number.strip(), "请写委托人的身份证号"),
        "matters": (matters.strip(), "请照委托书写明委托办什么"),
        "until": (until, "请写委托的最后一天"),
        "paper": (paper, "请上传委托书的照片"),
    }
    lacks = [Problem(words, field=key) for key, (given, words) in asked.items() if not given]
    if lacks or paper is None or until is None:
        raise BadInput("委托还没有填好", lacks)
    person = register_at_counter(kind=CitizenKind.PERSON, name=name, number=number, phone=phone, by=by, at=at).user
    with examined([paper], title="委托书") as document:
        stored = keep(document.file, name=document.name, purpose="mandate", by=by, at=at)
    return give_mandate(person, matters=matters, until=until, paper=stored, by=by, at=at)


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: Actor, at: datetime) -> Mandate:
    """End a mandate, as the agent or as the person who gave it."""
    now = Mandate.objects.select_for_update(of=("self",)).select_related("organ").get(pk=mandate.pk)
    account = account_of(by)
    if account is None or account.pk not in (now.person_id, now.agent_id):
        authorize(by, Permission.PEOPLE_MANAGE, now, at=at)
    if now.ended_at:
        raise Conflict("这份委托已经结束", remedy="请刷新页面查看。")
    now.ended_at, now.ended_by = at, account
    now.save(update_fields=["ended_at", "ended_by"])
    record("reception.end_mandate", now, by=by, at=at)
    emit(MANDATE_ENDED, now, by=by, at=at)
    return now
