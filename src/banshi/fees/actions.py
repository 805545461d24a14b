"""Charging by the guide's list, paying, refunding."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from banshi.access import Allowed, Permission, authorize
from banshi.cases.actions.recording import locked, moment_in_words
from banshi.cases.models import Case
from banshi.cases.sealing import APPLICANT, opened
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict
from banshi.events import EventKind, emit
from banshi.fees.events import CHARGED, PAID, REFUNDED
from banshi.fees.gateway import GatewayAway, is_open, payment_gateway
from banshi.fees.models import FeeOrder
from banshi.fees.notifications import FEES, TOLD
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.papers.actions import issue
from banshi.people.queries import account_of

CENTS = 100
MOST = Decimal(10_000_000)
S = FeeOrder.State
PAID_TWICE = "在窗口缴过，网上又缴了一次"


@transaction.atomic
def charge(case: Case, *, amounts: Mapping[int, Decimal], pay_by: date, by: Actor, at: datetime) -> FeeOrder:
    """Charge (缴费通知) what the guide's fee list names, and nothing else.

    `amounts` by position in the list.
    """
    now, at = locked(case, at=at)
    by = authorize(by, Permission.CASE_HANDLE, now, at=at)
    listed = now.publication.revision.guide.fees
    if now.ended_at:
        raise Conflict("办件已经结束，不能收费", remedy="请刷新页面查看。")
    if not listed:
        raise Conflict(
            "办事指南写明这件事不收费，不能收费", remedy="确实应当收费的，请先在指南里写明项目、标准和依据并公布。"
        )
    if not amounts or any(not 0 <= each < len(listed) for each in amounts):
        raise BadInput("只能按办事指南的收费项目收费", remedy="请在清单里选；清单以外的一律不收。")
    if any(not 0 < each <= MOST or each != each.quantize(Decimal("0.01")) for each in amounts.values()):
        raise BadInput("金额不对", remedy="请写大于0的数，最多两位小数。")
    if pay_by <= day_of(at):
        raise BadInput("缴费期限要晚于今天", remedy="请改一个日期。")
    if now.fee_orders.filter(state=S.DUE).exists():
        raise Conflict("已经有一张没有缴的缴费单", remedy="请等申请人缴费，或查看原来的缴费单。")
    lines = [
        {
            "name": listed[each].name,
            "standard": listed[each].standard,
            "basis": listed[each].basis,
            "amount": str(amount.quantize(Decimal("0.01"))),
        }
        for each, amount in sorted(amounts.items())
    ]
    order = FeeOrder.objects.create(
        case=now,
        number=f"{now.number}-F{now.fee_orders.count() + 1}",
        lines=lines,
        total=sum(amounts.values()),
        pay_by=pay_by,
        charged_by=account_of(by),
        charged_at=at,
    )
    _tell(CHARGED, order, "charge", "fee", {"pay_by": chinese_date(pay_by)}, by=by, at=at)
    return order


def begin_payment(order: FeeOrder, *, back: str, by: Actor, at: datetime) -> str:
    """Return the address where the applicant pays, or "" where they have (in another tab, or and never came back)."""
    by = authorize(by, Permission.CASE_APPLY, order, at=at)
    if order.state == S.PAID:
        return ""
    _require(order, S.DUE, "不用再缴")
    _require_asked(order)
    if order.begun_at and _confirmed(order, by=by, at=at):
        return ""
    address = payment_gateway().begin(order, back=back, at=at)  # outside the transaction, which would wait for it
    with transaction.atomic():
        FeeOrder.objects.filter(pk=order.pk).update(begun_at=at)
        record("fees.begin_payment", order, by=by, at=at, facts={"order": order.number})
    return address


def confirm_payment(order: FeeOrder, *, by: Actor, at: datetime) -> bool:
    """Ask the gateway whether it was paid, and give the receipt once."""
    return _confirmed(order, by=authorize(by, Permission.CASE_APPLY, order, at=at), at=at)


def _confirmed(order: FeeOrder, *, by: Allowed, at: datetime) -> bool:
    said = payment_gateway().standing(order, at=at)
    if not said.number:
        return False
    with transaction.atomic():
        now = _held(order)
        if now.state == S.DUE:
            _pay(now, number=said.number, paid_at=said.paid_at or at, by=by, at=at)
    return True


def take_payment(order: FeeOrder, *, number: str, by: Actor, at: datetime) -> FeeOrder:
    """Record what was paid at the window, with the number of its bill, unless it has been paid online."""
    by = authorize(by, Permission.CASE_ACCEPT, order, at=at)
    if not number.strip():
        raise BadInput("没有写票据号", remedy="请写窗口收款的票据号或流水号。")
    if order.begun_at and order.state == S.DUE and is_open():
        with suppress(GatewayAway):  # what is paid there all the same is returned later
            if _confirmed(order, by=by, at=at):
                raise Conflict(f"{order}网上已经缴过，不用再收", remedy="缴费凭证已经出具；收下的现金请退还。")
    with transaction.atomic():
        now = _held(order)
        _require(now, S.DUE, "不用再缴")
        _require_asked(now)
        now.at_window = True
        _pay(now, number=number.strip()[:80], paid_at=at, by=by, at=at)
    return now


def return_second_payment(order: FeeOrder, *, by: Actor, at: datetime) -> bool:
    """Give back what was paid online for an order that had been paid at the window, once."""
    by = authorize(by, Permission.AUTOMATIC, order, at=at)
    said = payment_gateway().standing(order, at=at)
    if not said.number:
        return False
    payment_gateway().refund(order, reason=PAID_TWICE, at=at)  # the gateway knows a repetition
    with transaction.atomic():
        now = _held(order)
        if not now.at_window or now.returned_at:
            return False
        now.returned_at = at
        now.save(update_fields=["returned_at"])
        words = {"reason": PAID_TWICE, "payment_number": said.number}
        _tell(REFUNDED, now, "return_second_payment", "refund", words, by=by, at=at)
    return True


def refund(order: FeeOrder, *, reason: str, by: Actor, at: datetime) -> FeeOrder:
    """Refund (退费) a whole order the way it came, once."""
    by = authorize(by, Permission.CASE_DECIDE, order, at=at)
    _require(order, S.PAID, "不能退费")
    if not reason.strip():
        raise BadInput("没有写退费的原因", remedy="申请人会看到，请写明。")
    if order.begun_at and not order.at_window:  # the gateway knows a repetition
        payment_gateway().refund(order, reason=reason.strip(), at=at)
    with transaction.atomic():
        now = _held(order)
        _require(now, S.PAID, "不能退费")
        now.state, now.refunded_at, now.refund_reason = S.REFUNDED, at, reason.strip()[:200]
        now.save(update_fields=["state", "refunded_at", "refund_reason"])
        said = {"reason": now.refund_reason, "payment_number": now.payment_number}
        _tell(REFUNDED, now, "refund", "refund", said, by=by, at=at)
    return now


def _require(order: FeeOrder, state: str, consequence: str) -> None:
    if order.state != state:
        raise Conflict(f"{order}{order.get_state_display()}，{consequence}", remedy="请刷新页面查看。")


def _require_asked(order: FeeOrder) -> None:
    if not order.is_asked:
        raise Conflict("办件没有办成就结束了，不用缴费", remedy="已经缴了的，请联系承办单位退费。")


def _held(order: FeeOrder) -> FeeOrder:
    rows = FeeOrder.objects.select_for_update(of=("self",))
    return rows.select_related("case__organ", "case__item", "case__publication__revision").get(pk=order.pk)


def _pay(order: FeeOrder, *, number: str, paid_at: datetime, by: Allowed, at: datetime) -> None:
    order.state, order.payment_number, order.paid_at = S.PAID, number, paid_at
    order.save(update_fields=["state", "payment_number", "paid_at", "at_window"])
    said = {"paid_on": moment_in_words(paid_at), "payment_number": number}
    _tell(PAID, order, "pay", "fee_receipt", said, by=by, at=at)


def _tell(
    kind: EventKind, order: FeeOrder, act: str, paper: str, said: dict[str, str], *, by: Allowed, at: datetime
) -> None:
    """Issue the paper, record, emit and notify, in the act's transaction."""
    case = order.case
    rows = [[each["name"], each["standard"], f"{each['amount']}元", each["basis"]] for each in order.lines]
    facts: dict[str, Any] = {
        "item": case.item.name,
        "case_number": case.number,
        "fee_total": f"{order.total}元",
        **said,
    }
    facts |= {"fees": rows} if paper != "refund" else {}
    recipient = opened(case.applicant_sealed, purpose=APPLICANT)["name"]
    issued = issue(paper, organ=case.organ, recipient=recipient, facts=facts, about=case.number, by=by, at=at)
    told = {"order": order.number, "total": str(order.total), "paper": issued.number}
    record(f"fees.{act}", order, by=by, at=at, facts=told)
    emit(kind, order, by=by, at=at, cents=int(order.total * CENTS))
    context = {"number": case.number, "item": case.item.name, "said": TOLD[act].format(total=order.total)}
    notify(FEES, case.people, subject=case, context=context, at=at)
