"""Visits at home: ordered for a half-day, put in the order of a route, done or cancelled."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from banshi.access import Permission, authorize, authorize_many
from banshi.calendar.queries import calendar_in_force
from banshi.cases.sealing import seal
from banshi.cases.steps import guide_of
from banshi.catalog.models import Item
from banshi.catalog.queries import in_force
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.id_numbers import mobile_is_valid, plain_mobile
from banshi.core.repeats import refuse_repeated
from banshi.events import emit
from banshi.ledger import Actor, record
from banshi.people.models import User
from banshi.people.queries import account_of
from banshi.reception.enums import DayHalf, VisitState
from banshi.reception.events import VISIT_ENDED, VISIT_ORDERED
from banshi.reception.models import HomeVisit
from banshi.reception.queries import office_at_counter

VISIT = "reception.HomeVisit"


@transaction.atomic
def order_visit(
    item: Item,
    *,
    person: User,
    address: str,
    phone: str,
    on: date,
    half: str,
    note: str = "",
    by: Actor,
    at: datetime,
) -> HomeVisit:
    """Order a visit of one's office to somebody who cannot come, where the guide offers it."""
    authorize(by, Permission.CASE_RECEIVE, at=at)
    organ, publication, phone = office_at_counter(account_of(by), at=at), in_force(item), plain_mobile(phone)
    assert organ is not None
    if publication is None or not guide_of(publication).at_home:
        raise Conflict(f"“{item}”的指南没有写上门办理", remedy="请按指南写的方式办；要开通的，先修改指南并公布。")
    wrong = []
    if not address.strip():
        wrong.append(Problem("请写上门的地址", field="address"))
    if not mobile_is_valid(phone):
        wrong.append(Problem("手机号码不对，请填11位手机号", field="phone"))
    if on < day_of(at) or not calendar_in_force().is_working(on):
        wrong.append(Problem("请选今天以后的工作日", field="on"))
    if half not in DayHalf.values:
        wrong.append(Problem("请选上午或下午", field="half"))
    if wrong:
        raise BadInput("上门服务还没有填好", wrong)
    content = {"address": address.strip()[:200], "phone": phone, "note": note.strip()[:300]}
    same = HomeVisit.objects.filter(person=person, item=item, organ=organ, wanted_on=on, half=half, ended_at=None)
    refuse_repeated(
        person, same, f"已经约了这半天上门办“{item}”", remedy="请在“上门服务”里查看；要改的，请先取消那一次。"
    )
    visit = HomeVisit.objects.create(
        person=person,
        item=item,
        organ=organ,
        content_sealed=seal(content, purpose=VISIT),
        wanted_on=on,
        half=half,
        position=HomeVisit.objects.filter(organ=organ, wanted_on=on).count() + 1,
        ordered_by=account_of(by),
        ordered_at=at,
    )
    record("reception.order_visit", visit, by=by, at=at, facts={"item": item.pk, "on": on.isoformat(), "half": half})
    emit(VISIT_ORDERED, visit, by=by, at=at)
    return visit


@transaction.atomic
def plan_route(visits: Sequence[HomeVisit], *, by: Actor, at: datetime) -> None:
    """Put the visits of a day in the order given, and take them on."""
    by = authorize_many(by, Permission.CASE_RECEIVE, visits, at=at)
    for position, each in enumerate(visits, 1):
        open_one = HomeVisit.objects.filter(pk=each.pk, state=VisitState.ORDERED)
        open_one.update(position=position, visitor=account_of(by))
        record("reception.plan_route", each, by=by, at=at, facts={"position": position})


@transaction.atomic
def finish_visit(visit: HomeVisit, *, by: Actor, at: datetime) -> HomeVisit:
    """Record that one was there."""
    return _end(visit, VisitState.DONE, by, at)


@transaction.atomic
def cancel_visit(visit: HomeVisit, *, by: Actor, at: datetime) -> HomeVisit:
    return _end(visit, VisitState.CANCELLED, by, at)


def _end(visit: HomeVisit, state: VisitState, by: Actor, at: datetime) -> HomeVisit:
    """End a visit once."""
    by = authorize(by, Permission.CASE_RECEIVE, visit, at=at)
    now = HomeVisit.objects.select_for_update().get(pk=visit.pk)
    if now.state == state:
        return now  # sent again by a page that was offline
    if now.state != VisitState.ORDERED:
        raise Conflict(f"这次上门{now.get_state_display()}", remedy="请刷新页面查看。")
    now.state, now.ended_at, now.visitor = state, at, now.visitor or account_of(by)
    now.save(update_fields=["state", "ended_at", "visitor"])
    record("reception.end_visit", now, by=by, at=at, facts={"state": str(state)})
    emit(VISIT_ENDED, now, by=by, at=at)
    return now
