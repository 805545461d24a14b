"""上门服务: ordered for somebody who cannot come, put in the order of a day's route, received there, done or cancelled."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, Field

from banshi.cases.sealing import opened
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.core.id_numbers import mask_name
from banshi.reception import actions
from banshi.reception.actions.visits import VISIT
from banshi.reception.enums import DayHalf, VisitState
from banshi.reception.models import HomeVisit
from banshi.reception.queries import visits_on, visits_visible_to
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED
from banshi.sites.api.case_schemas import StrictBody, text_field
from banshi.sites.api.counter import CardIn, ReceptionOut, person_and_ticket, receiving_clerk, reception_out
from banshi.sites.api.handling import FAILURES, WRITING, item_in_use
from banshi.sites.api.writing import Exposed, idempotent

router = Router(tags=["窗口收件和出件"], auth=AUTHENTICATED)
AT_MOST = 100


class HomeVisitOut(BaseModel):
    """一次上门。"""

    guid: UUID = Field(title="编号")
    item: UUID = Field(title="事项编号")
    item_name: str = Field(title="事项名称")
    person: str = Field(title="申请人（打码）")
    address: str = Field(title="地址")
    phone: str = Field(title="手机")
    note: str = Field(title="要留意什么")
    on: date = Field(title="上门日期")
    half: DayHalf = Field(title="上午、下午")
    position: int = Field(title="这半天的第几站")
    state: VisitState = Field(title="状态")
    visitor: str = Field(title="上门的人")
    reception: UUID | None = Field(title="上门收件的编号，见 /receptions；没有收为 null")


class HomeVisitList(BaseModel):
    home_visits: list[HomeVisitOut] = Field(title="这一天的上门，按路线的先后")


class HomeVisitIn(CardIn):
    item: UUID = Field(title="事项编号，指南写明可以上门办理的")
    address: str = text_field("上门的地址", 200)
    on: fields.Day = Field(title="哪一天，工作日")
    half: DayHalf = Field(title="上午、下午")
    note: str = text_field("要留意什么", 300)


class RouteIn(StrictBody):
    on: fields.Day = Field(title="哪一天")
    order: list[UUID] = Field(title="上门的编号，按先后；没有列出的排在后面", max_length=AT_MOST)


class VisitActIn(StrictBody):
    act: Literal["done", "cancel"] = Field(title="登记已上门，或者取消")


@router.get("/home-visits", response={200: HomeVisitList, **FAILURES}, summary="一天的上门路线")
def list_visits(request: HttpRequest, on: fields.Day) -> Any:
    """上午的在前，取消了的不列。"""
    return _route(request, on)


@router.post("/home-visits", response={201: HomeVisitOut, **WRITING}, summary="预约一次上门")
@idempotent
def order(request: HttpRequest, asked: HomeVisitIn) -> Status[Any]:
    """由窗口工作人员登录后办，和上门服务页一样：没有账号的人当场登记。"""
    clerk, at, item = receiving_clerk(request), now(), item_in_use(asked.item)
    visit = actions.order_visit(
        item,
        person=person_and_ticket(asked, clerk, at=at)["person"],
        address=asked.address,
        phone=asked.phone,
        on=asked.on,
        half=asked.half,
        note=asked.note,
        by=clerk,
        at=at,
    )
    return Status(201, _out(_found(request, visit.guid)))


@router.post("/home-visits/route", response={200: HomeVisitList, **WRITING}, summary="排一天的路线")
@idempotent
def plan(request: HttpRequest, asked: RouteIn) -> Status[Any]:
    """由谁排的，就由谁去。"""
    clerk, at = receiving_clerk(request), now()
    visits = {each.guid: each for each in visits_on(clerk, asked.on, at=at)}
    if unknown := next((each for each in asked.order if each not in visits), None):
        raise Missing("这一天没有这次上门", where=str(unknown), remedy="这一天的上门见 /home-visits。")
    first = list(dict.fromkeys(asked.order))
    rest = [guid for guid in visits if guid not in asked.order]
    actions.plan_route([visits[guid] for guid in (*first, *rest)], by=clerk, at=at)
    return Status(200, _route(request, asked.on))


@router.get("/home-visits/{uuid:visit}", response={200: HomeVisitOut, **FAILURES}, summary="一次上门")
def show(request: HttpRequest, visit: UUID) -> Any:
    return _out(_found(request, visit))


@router.post("/home-visits/{uuid:visit}/acts", response={200: HomeVisitOut, **WRITING}, summary="登记已上门，或者取消")
@idempotent
def act_on_visit(request: HttpRequest, visit: UUID, asked: VisitActIn) -> Status[Any]:
    """断网时登记的，有了网络再发，重复发不会办两次。"""
    act = actions.finish_visit if asked.act == "done" else actions.cancel_visit
    return VISITED.after(act, request, visit)


@router.post("/home-visits/{uuid:visit}/reception", response={201: ReceptionOut, **WRITING}, summary="上门收件")
@idempotent
def begin(request: HttpRequest, visit: UUID) -> Status[Any]:
    """替上门的人开始一份申请，以后和收件一样，见 /receptions。"""
    found, clerk = _found(request, visit), receiving_clerk(request)
    made = actions.begin_reception(found.item, person=found.person, visit=found, by=clerk, at=now())
    return Status(201, reception_out(made))


def _route(request: HttpRequest, day: date) -> dict[str, Any]:
    return {"home_visits": [_out(each) for each in visits_on(receiving_clerk(request), day, at=now())]}


def _found(request: HttpRequest, guid: UUID) -> HomeVisit:
    found = visits_visible_to(receiving_clerk(request), at=now()).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这次上门", where=str(guid), remedy="它可能属于别的单位。一天的上门见 /home-visits。")
    return found


def _out(visit: HomeVisit) -> dict[str, Any]:
    told = opened(visit.content_sealed, purpose=VISIT)
    return {
        **{name: getattr(visit, name) for name in ("guid", "half", "position", "state")},
        "on": visit.wanted_on,
        "item": visit.item.guid,
        "item_name": visit.item.name,
        "person": mask_name(visit.person.full_name),
        **{name: told.get(name, "") for name in ("address", "phone", "note")},
        "visitor": visit.visitor.full_name if visit.visitor else "",
        "reception": visit.reception.guid if visit.reception else None,
    }


VISITED = Exposed(_found, _out)
