"""The hall: who waits, tickets taken and called by counters, and questions of whoever is asked first (首问负责)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, Field

from banshi.access import Permission
from banshi.catalog.models import Item
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Missing, Refused
from banshi.people.models import User
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED, caller
from banshi.sites.api.case_schemas import StrictBody, text_field
from banshi.sites.api.errors import COMMON, ProblemDetails
from banshi.sites.api.handling import FAILURES, WRITING, by_permission
from banshi.sites.api.writing import idempotent
from banshi.window import actions
from banshi.window.enums import Priority, QuestionState, TicketSource, TicketState
from banshi.window.models import Counter, FirstQuestion, Hall, Skill, Ticket
from banshi.window.queries import (
    expected_wait,
    halls_served_by,
    last_calls,
    tickets_with_names,
    wait_behind,
    waiting_in,
)
from banshi.window.questions import questions_visible_to, receivers_in

router = Router(tags=["大厅"], auth=AUTHENTICATED)
open_router = Router(tags=["大厅"])
Letter = Field(title="业务类别的字头", pattern="^[A-Z]{1,2}$")


class QueueOut(BaseModel):
    letter: str = Letter
    name: str = Field(title="业务类别")
    waiting: int = Field(title="等候人数")
    minutes: int = Field(title="现在取号大约等几分钟")


class CallOut(BaseModel):
    ticket: str = Field(title="号")
    counter: int = Field(title="窗口号")
    at: datetime = Field(title="时间")


class HallBrief(BaseModel):
    code: str = Field(title="大厅代码")
    name: str = Field(title="大厅")
    address: str = Field(title="地址")
    phone: str = Field(title="电话")


class HallOut(HallBrief):
    queues: list[QueueOut] = Field(title="各业务类别")
    calls: list[CallOut] = Field(title="最近叫的号，新的在前")


class HallList(BaseModel):
    halls: list[HallBrief] = Field(title="在用的大厅")


class TicketOut(BaseModel):
    """一个号。guid 是号票上二维码的内容。"""

    guid: UUID = Field(title="编号")
    label: str = Field(title="号")
    hall: str = Field(title="大厅代码")
    queue: str = Field(title="在哪个业务类别等")
    state: TicketState = Field(title="状态")
    state_name: str = Field(title="状态的名称")
    priority: Priority = Field(title="优先的情况")
    counter: int | None = Field(title="窗口号；没有叫到为 null")
    taken_at: datetime = Field(title="取号时间")
    called_at: datetime | None = Field(title="叫号时间")
    ahead: int | None = Field(title="前面还有几人；不在等候为 null")
    minutes: int | None = Field(title="大约再等几分钟；不在等候为 null")


class TicketIn(StrictBody):
    queue: str = Letter
    guid: UUID | None = Field(None, title="自己生成的编号；重发同一个编号只有一个号")
    priority: Priority = Field(Priority.NONE, title="优先的情况")
    item: UUID | None = Field(None, title="办哪个事项；估计等候时间用")


class ArrivalIn(StrictBody):
    code: str = Field(title="6位预约码，或者上次闭厅没有办到的号票页面上的6位数", pattern="^[0-9]{6}$")
    priority: Priority = Field(Priority.NONE, title="优先的情况")


class CounterOut(BaseModel):
    id: int = Field(title="窗口的编号")
    hall: str = Field(title="大厅代码")
    number: int = Field(title="窗口号")
    clerk: str = Field(title="谁坐着；没有人为空")
    paused: bool = Field(title="暂停叫号")
    ticket: UUID | None = Field(title="正在叫、正在办的号；没有为 null")


class CounterList(BaseModel):
    counters: list[CounterOut] = Field(title="窗口")


class CounterActIn(StrictBody):
    act: Literal["open", "close", "pause", "resume", "call"] = Field(
        title="坐下、离开、暂停、恢复、叫号。坐下和离开由本人（登录）办，别的也可以由窗口的叫号器办"
    )
    ticket: UUID | None = Field(None, title="叫哪个号；不写叫下一位")


class TicketActIn(StrictBody):
    act: Literal["recall", "begin", "finish", "skip", "transfer", "come_back", "leave"] = Field(
        title="再叫一次、开始办理、办完、过号、转走、过号的人回来了、不等了"
    )
    queue: str | None = Field(None, title="转到哪个业务类别的字头", pattern="^[A-Z]{1,2}$")
    counter: int | None = Field(None, title="转到几号窗口", ge=1, le=9999)


class QuestionOut(BaseModel):
    """一个首问。怎么联系对方不在这里给出。"""

    id: int = Field(title="编号")
    hall: str = Field(title="大厅代码")
    text: str = Field(title="问了什么")
    asked: str = Field(title="首问人")
    holder: str = Field(title="现在由谁办")
    state: QuestionState = Field(title="状态")
    due_on: date = Field(title="答复期限")
    answer: str = Field(title="答复")
    answered_at: datetime | None = Field(title="答复时间")


class QuestionPage(BaseModel):
    questions: list[QuestionOut] = Field(title="首问")
    next: int | None = Field(None, title="下一页的 after；没有下一页为 null")


class QuestionIn(StrictBody):
    hall: fields.Slug = Field(title="大厅代码")
    text: str = text_field("问了什么", 200)
    contact: str = text_field("怎么联系对方，加密保存", 60)


class QuestionActIn(StrictBody):
    act: Literal["refer", "take", "answer"] = Field(title="转交、接收、答复")
    to: int | None = Field(None, title="转给谁（账号编号）", ge=1, le=fields.BIGGEST)
    words: str = text_field("转交的说明，或者答复", 500)


@open_router.get("/halls", response={200: HallList, COMMON: ProblemDetails}, summary="大厅")
def list_halls(request: HttpRequest) -> Any:
    return {"halls": [_hall_out(each) for each in Hall.objects.filter(active=True)]}


@open_router.get("/halls/{slug:code}", response={200: HallOut, COMMON: ProblemDetails}, summary="一个大厅的排队情况")
def show_hall(request: HttpRequest, code: fields.Slug) -> Any:
    """各业务类别现在等几个人、大约多久，和最近叫的号。"""
    hall, at = _public_hall(code), now()
    waiting = waiting_in(hall, day=today())
    queues = []
    for skill in hall.skills.filter(active=True):
        wait = wait_behind(skill, waiting.filter(queue=skill), at=at)
        queues.append({"letter": skill.letter, "name": skill.name, "waiting": wait.ahead, "minutes": wait.minutes})
    calls = [
        {"ticket": each.ticket.label, "counter": each.counter.number, "at": each.at}
        for each in last_calls(hall, day=today())
    ]
    return {**_hall_out(hall), "queues": queues, "calls": calls}


@open_router.get("/tickets/{uuid:ticket}", response={200: TicketOut, COMMON: ProblemDetails}, summary="一个号")
def show_ticket(request: HttpRequest, ticket: UUID) -> Any:
    """状态，前面还有几个人，大约再等多久。知道编号的就能看，和号票上的二维码一样。"""
    return _ticket_out(_ticket(ticket))


@router.post("/halls/{slug:code}/tickets", response={201: TicketOut, **WRITING}, summary="取一个号")
@idempotent
def take_ticket(request: HttpRequest, code: fields.Slug, asked: TicketIn) -> Status[Any]:
    """由大厅自己的取号机、导办系统取号。"""
    hall = _served(request).filter(code=code).first()
    skill = Skill.objects.filter(hall=hall, letter=asked.queue, active=True).first() if hall else None
    if skill is None:
        raise Missing("没有这个大厅的这个业务类别", where=asked.queue, remedy="业务类别见 /halls/{code}。")
    item = Item.objects.filter(guid=asked.item).first() if asked.item else None
    taken = actions.take_ticket(
        skill,
        item=item,
        priority=asked.priority,
        source=TicketSource.KIOSK,
        guid=asked.guid,
        by=caller(request),
        at=now(),
    )
    if taken.hall_id != skill.hall_id:
        raise Conflict("这个编号已经是别的大厅的号", remedy="请换一个新的编号。")
    return Status(201, _ticket_out(taken))


@router.post("/halls/{slug:code}/arrivals", response={201: TicketOut, **WRITING}, summary="约好的人到了，取号")
@idempotent
def arrive(request: HttpRequest, code: fields.Slug, asked: ArrivalIn) -> Status[Any]:
    """由大厅自己的取号机、导办系统凭预约码取号；上次闭厅没有办到的，凭号票上的6位数取号，最先办。"""
    hall = _served(request).filter(code=code).first()
    if hall is None:
        raise Missing("没有这个大厅", where=code, remedy="大厅见 /halls。")
    taken = actions.take_by_code(hall, asked.code, priority=asked.priority, by=caller(request), at=now())
    return Status(201, _ticket_out(_ticket(taken.guid)))


@router.get("/counters", response={200: CounterList, **FAILURES}, summary="本单位大厅的窗口")
def list_counters(request: HttpRequest) -> Any:
    found = Counter.objects.filter(hall__in=_served(request), active=True).select_related("hall", "clerk")
    at_hand = dict(
        Ticket.objects.filter(counter__in=found, state__in=("called", "serving")).values_list("counter_id", "guid")
    )
    return {"counters": [_counter_out(each, at_hand.get(each.pk)) for each in found]}


@router.post("/counters/{int:id}/acts", response={200: CounterOut, **WRITING}, summary="窗口叫号")
@idempotent
def act_at_counter(request: HttpRequest, id: fields.Number, asked: CounterActIn) -> Status[Any]:
    """坐下、离开、暂停、恢复，叫下一位或者叫一个号。叫到谁见 ticket；没有人等候为 null。"""
    found = Counter.objects.filter(pk=id, active=True, hall__in=_served(request))
    counter = found.select_related("hall", "clerk").first()
    if counter is None:
        raise Missing("没有这个窗口", where=str(id), remedy="窗口见 /counters。")
    who: dict[str, Any] = {"by": caller(request), "at": now()}
    match asked.act:
        case "open":
            actions.open_counter(counter, **who)
        case "close":
            actions.close_counter(counter, **who)
        case "pause" | "resume":
            actions.pause_counter(counter, pause=asked.act == "pause", **who)
        case "call" if asked.ticket:
            actions.call_ticket(_served_ticket(request, asked.ticket), counter, **who)
        case "call":
            actions.call_next(counter, **who)
    now_there = found.select_related("hall", "clerk").get()
    held = now_there.tickets.filter(state__in=("called", "serving")).first()
    return Status(200, _counter_out(now_there, held.guid if held else None))


@router.post("/tickets/{uuid:ticket}/acts", response={200: TicketOut, **WRITING}, summary="办一个号")
@idempotent
def act_on_ticket(request: HttpRequest, ticket: UUID, asked: TicketActIn) -> Status[Any]:
    """由叫号的窗口办：再叫、开始、办完、过号、转走；过号的人回来了，由大厅里任何窗口办。"""
    found = _served_ticket(request, ticket)
    ACTS[asked.act](found, asked, by=caller(request), at=now())
    return Status(200, _ticket_out(_ticket(ticket)))


def transfer(ticket: Ticket, asked: TicketActIn, **who: Any) -> None:
    """Send on to the queue or counter named."""
    skill = ticket.hall.skills.filter(letter=asked.queue, active=True).first() if asked.queue else None
    counter = ticket.hall.counters.filter(number=asked.counter, active=True).first() if asked.counter else None
    if (asked.queue and skill is None) or (asked.counter and counter is None):
        raise BadInput("没有这个业务类别或窗口", remedy="业务类别见 /halls/{code}，窗口见 /counters。")
    actions.transfer(ticket, skill=skill, counter=counter, **who)


ACTS: dict[str, Callable[..., Any]] = {
    "recall": lambda ticket, asked, **who: actions.recall(ticket, **who),
    "begin": lambda ticket, asked, **who: actions.begin_service(ticket, **who),
    "finish": lambda ticket, asked, **who: actions.finish_service(ticket, **who),
    "skip": lambda ticket, asked, **who: actions.skip(ticket, **who),
    "transfer": transfer,
    "come_back": lambda ticket, asked, **who: actions.come_back(ticket, **who),
    "leave": lambda ticket, asked, **who: actions.leave(ticket, **who),
}


@router.get("/questions", response={200: QuestionPage, **FAILURES}, summary="首问")
def list_questions(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 25) -> Any:
    """工作人员登录后看自己问到的、自己办的、所管大厅的。先登记的在前。"""
    found = questions_visible_to(_person(request), at=now()).filter(pk__gt=after).order_by("pk")
    rows = list(found[: limit + 1])
    page = rows[:limit]
    return {
        "questions": [_question_out(each) for each in page],
        "next": page[-1].pk if len(rows) > len(page) else None,
    }


@router.post("/questions", response={201: QuestionOut, **WRITING}, summary="登记首问")
@idempotent
def ask(request: HttpRequest, asked: QuestionIn) -> Status[Any]:
    """登记的人负责到答复；办不了的转给能办的人。"""
    hall = _served(request).filter(code=asked.hall).first()
    if hall is None:
        raise Missing("没有这个大厅", where=asked.hall, remedy="大厅见 /halls。")
    made = actions.record_question(hall, text=asked.text, contact=asked.contact, by=_person(request), at=now())
    return Status(201, _question_out(_question(request, made.pk)))


@router.post("/questions/{int:id}/acts", response={200: QuestionOut, **WRITING}, summary="转交、接收、答复首问")
@idempotent
def act_on_question(request: HttpRequest, id: fields.Number, asked: QuestionActIn) -> Status[Any]:
    found = _question(request, id)
    who: dict[str, Any] = {"by": _person(request), "at": now()}
    match asked.act:
        case "refer":
            names = dict(receivers_in(found.hall, at=now()))
            to = User.objects.filter(pk=asked.to or 0, pk__in=names).first()
            if to is None:
                raise BadInput("没有写转给谁", where="to", remedy="请写大厅所在地一位工作人员的账号编号。")
            actions.refer_question(found, to=to, words=asked.words, **who)
        case "take":
            actions.take_question(found, **who)
        case "answer":
            actions.answer_question(found, answer=asked.words, **who)
    return Status(200, _question_out(_question(request, id)))


def _served(request: HttpRequest) -> Any:
    """List the halls whose people the caller may call."""
    return halls_served_by(by_permission(request, Permission.WINDOW_SERVE), at=now())


def _public_hall(code: str) -> Hall:
    hall = Hall.objects.filter(code=code, active=True).first()
    if hall is None:
        raise Missing("没有这个大厅", where=code, remedy="大厅见 /halls。")
    return hall


def _ticket(guid: UUID) -> Ticket:
    found = tickets_with_names().filter(guid=guid).first()
    if found is None:
        raise Missing("没有这个号", where=str(guid), remedy="请核对号票上的二维码。")
    return found


def _served_ticket(request: HttpRequest, guid: UUID) -> Ticket:
    found = tickets_with_names().filter(guid=guid, day=today(), hall__in=_served(request)).first()
    if found is None:
        raise Missing("没有这个号", where=str(guid), remedy="它可能属于别的大厅，或者不是今天的。")
    return found


def _person(request: HttpRequest) -> User:
    who = caller(request)
    if not isinstance(who, User):
        raise Refused("首问要由人登记和答复", remedy="请由工作人员登录后办理。")
    return who


def _question(request: HttpRequest, pk: int) -> FirstQuestion:
    found = questions_visible_to(_person(request), at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这个首问", where=str(pk), remedy="它可能由别人办。")
    return found


def _hall_out(hall: Hall) -> dict[str, Any]:
    return {name: getattr(hall, name) for name in HallBrief.model_fields}


def _ticket_out(ticket: Ticket) -> dict[str, Any]:
    wait = expected_wait(ticket, at=now()) if ticket.state == TicketState.WAITING else None
    kept = ("guid", "label", "state", "priority", "taken_at", "called_at")
    return {
        **{name: getattr(ticket, name) for name in kept},
        "hall": ticket.hall.code,
        "queue": ticket.queue.letter,
        "state_name": ticket.get_state_display(),
        "counter": ticket.counter and ticket.counter.number,
        "ahead": wait and wait.ahead,
        "minutes": wait and wait.minutes,
    }


def _counter_out(counter: Counter, ticket: UUID | None) -> dict[str, Any]:
    return {
        "id": counter.pk,
        "hall": counter.hall.code,
        "number": counter.number,
        "clerk": str(counter.clerk or ""),
        "paused": counter.paused_at is not None,
        "ticket": ticket,
    }


def _question_out(question: FirstQuestion) -> dict[str, Any]:
    kept = ("id", "text", "state", "due_on", "answer", "answered_at")
    return {
        **{name: getattr(question, name) for name in kept},
        "hall": question.hall.code,
        "asked": str(question.asked),
        "holder": str(question.holder),
    }
