"""Sent: by an express company that tells when it was signed for, or put into a box that a code opens."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from banshi.access import Permission, authorize
from banshi.cases.sealing import APPLICANT, opened, seal
from banshi.core.crypto import encrypt
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.id_numbers import mask_name, mobile_is_valid, plain_mobile
from banshi.events import emit
from banshi.handout.actions.collecting import RECEIVER, end_hand_out, held
from banshi.handout.actions.shelving import tell
from banshi.handout.enums import HandOutState, HandOutWay
from banshi.handout.events import SENT
from banshi.handout.express import Parcel, Waybill, express_gateway
from banshi.handout.models import HandOut
from banshi.handout.policy import policy
from banshi.handout.queries import LOCKER, parcels_on_their_way
from banshi.ledger import Actor, record

ADDRESS, DIGITS, GIVEN_UP_AFTER = "handout.address", 8, 3


def send_by_express(hand_out: HandOut, *, address: str, phone: str = "", by: Actor, at: datetime) -> HandOut:
    """Order the express company to send a result."""
    by = authorize(by, Permission.CASE_DELIVER, hand_out, at=at)
    applicant = opened(hand_out.case.applicant_sealed, purpose=APPLICANT)
    phone = plain_mobile(phone or applicant.get("phone", ""))
    if not address.strip() or not mobile_is_valid(phone):
        told = [Problem("请写收件地址", field="address")] if not address.strip() else []
        raise BadInput("收件人还没有写全", told or [Problem("请写收件人的手机号", field="phone")])
    if hand_out.state != HandOutState.SHELVED:
        raise Conflict(f"这件结果{hand_out.get_state_display()}", remedy="请刷新页面查看。")
    # What came back is another parcel when it is sent once more.
    key = f"{hand_out.case.number}-{hand_out.sent_at:%Y%m%d%H%M%S}" if hand_out.sent_at else hand_out.case.number
    parcel = Parcel(key, applicant.get("name", "申请人"), phone, address.strip()[:200])
    bill = express_gateway().order(parcel, at=at)  # outside the transaction; it knows a repeated order by its key
    return write_tracking(hand_out, bill=bill, address=parcel.address, by=by, at=at)


@transaction.atomic
def write_tracking(hand_out: HandOut, *, bill: Waybill, address: str, by: Actor, at: datetime) -> HandOut:
    """Write down the number under which a result was sent."""
    now, by = held(hand_out, [HandOutState.SHELVED], by=by, at=at)
    carrier, tracking = bill.carrier.strip()[:60], bill.tracking.strip().upper()[:60]
    if not carrier or not tracking or not address.strip():
        raise BadInput("快递还没有写全", [Problem("请写快递公司、单号和收件地址", field="tracking")])
    now.state, now.way, now.sent_at = HandOutState.SENT, HandOutWay.EXPRESS, at
    now.carrier, now.tracking = carrier, tracking
    now.address_sealed = seal({"address": address.strip()[:200]}, purpose=ADDRESS)
    now.save()
    record("handout.send", now, by=by, at=at, facts={"carrier": carrier, "tracking": tracking})
    emit(SENT, now, by=by, at=at, way=str(HandOutWay.EXPRESS))
    tell(now, f"结果已经寄出，{carrier}{tracking}", at=at)
    return now


def follow_parcels(*, by: Actor, at: datetime) -> int:
    """Ask where each parcel is, and deliver the cases of those that were signed for.

    How many.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    gateway, delivered, answered, unanswered = express_gateway(), 0, False, 0
    trouble: Conflict | None = None
    for key, tracking in parcels_on_their_way():
        try:
            said = gateway.standing(tracking, at=at)
        except Conflict as away:
            trouble, unanswered = away, unanswered + 1
            if unanswered == GIVEN_UP_AFTER:
                break
            continue
        answered, unanswered = True, 0
        if said.delivered_at is None:
            continue
        with transaction.atomic():
            each = HandOut.objects.filter(pk=key, state=HandOutState.SENT).first()
            if each is None:  # taken back meanwhile
                continue
            now, token = held(each, [HandOutState.SENT], by=by, at=at)
            receiver = said.receiver or "收件人"
            now.receiver_sealed = seal({"name": receiver, "number": ""}, purpose=RECEIVER)
            now.receiver_masked = mask_name(receiver)
            facts = {"tracking": now.tracking, "delivered_at": said.delivered_at.isoformat()}
            end_hand_out(now, HandOutWay.EXPRESS, words=f"{now.carrier}{now.tracking}", facts=facts, by=token, at=at)
        delivered += 1
    if trouble and (not answered or unanswered == GIVEN_UP_AFTER):  # the company is away, not one number unknown
        raise trouble
    return delivered


@transaction.atomic
def put_in_locker(hand_out: HandOut, *, box: str, by: Actor, at: datetime) -> HandOut:
    """Put a result into a box, and tell the person the code that opens it."""
    now, by = held(hand_out, [HandOutState.SHELVED], by=by, at=at)
    box = " ".join(box.split()).upper()[:30]
    if not box:
        raise BadInput("没有写格口", [Problem("请写放在取件柜的哪一格", field="box")])
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    now.state, now.way, now.box = HandOutState.IN_LOCKER, HandOutWay.LOCKER, box
    now.locker_code_sealed = encrypt(code, purpose=LOCKER)
    now.locker_tries, now.locker_until = 0, at + timedelta(hours=policy().locker_hours)
    try:
        with transaction.atomic():
            now.save()
    except IntegrityError as clash:
        raise Conflict(f"{box}格里还有没有领的结果", remedy="请换一格。") from clash
    record("handout.put_in_locker", now, by=by, at=at, facts={"box": box})
    emit(SENT, now, by=by, at=at, way=str(HandOutWay.LOCKER))
    tell(now, f"结果放在取件柜{box}格，取件码{code}，{policy().locker_hours}小时内有效", at=at)
    return now


@transaction.atomic
def take_back(hand_out: HandOut, *, place: str, by: Actor, at: datetime) -> HandOut:
    """Put back on the shelf what nobody took from its box, or what the express company brought back."""
    now, by = held(hand_out, [HandOutState.IN_LOCKER, HandOutState.SENT], by=by, at=at)
    if not place.strip():
        raise BadInput("没有写架位", [Problem("请写放在哪里，如 A-03", field="place")])
    now.state, now.way, now.place = HandOutState.SHELVED, HandOutWay.COUNTER, " ".join(place.split()).upper()[:30]
    now.locker_code_sealed, now.locker_until = b"", None
    now.save()
    record("handout.take_back", now, by=by, at=at, facts={"place": now.place})
    tell(now, "结果已经回到窗口，请带身份证来领", at=at)
    return now
