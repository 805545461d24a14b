"""On the shelf: put there with its place, and the person reminded of it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from banshi.access import Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions.recording import locked
from banshi.cases.models import Case
from banshi.catalog.enums import StepKind
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.events import emit
from banshi.handout.enums import HandOutState, HandOutWay
from banshi.handout.events import SHELVED
from banshi.handout.models import HandOut
from banshi.handout.notifications import COLLECT
from banshi.handout.policy import policy
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.people.models import Organ
from banshi.people.queries import account_of

AT_ONCE = 500


@transaction.atomic
def shelve(case: Case, *, place: str, organ: Organ | None = None, by: Actor, at: datetime) -> HandOut:
    """Shelve the result of a decided case, at the office that hands it out."""
    (now, at), place = locked(case, at=at), " ".join(place.split()).upper()[:30]
    by = authorize(by, Permission.CASE_DELIVER, now, at=at)
    if now.state != "decided" or not now.tasks.filter(kind=StepKind.DELIVER, ending="").exists():
        raise Conflict("还没有可以出件的结果", remedy="决定作出、证件制好以后才能上架。")
    if not place:
        raise BadInput("没有写架位", [Problem("请写放在哪里，如 A-03", field="place")])
    try:
        with transaction.atomic():
            shelved = HandOut.objects.create(
                case=now, organ=organ or now.organ, place=place, shelved_by=account_of(by), shelved_at=at
            )
    except IntegrityError as clash:
        raise Conflict("这件结果已经上架", remedy="请在“待领取”里查看放在哪里。") from clash
    record("handout.shelve", shelved, by=by, at=at, facts={"case": now.pk, "place": place})
    emit(SHELVED, shelved, by=by, at=at, way=str(HandOutWay.COUNTER))
    tell(shelved, f"结果已经办好，请带身份证到{shelved.organ.address or shelved.organ.name}任一窗口领取", at=at)
    return shelved


def tell(hand_out: HandOut, said: str, *, at: datetime) -> None:
    """Tell the person, and who acts for them, of their result."""
    case = hand_out.case
    context = {"number": case.number, "item": case.item.name, "said": said}
    notify(COLLECT, case.people, subject=case, context=context, at=at)


@transaction.atomic
def remind_uncollected(*, by: Actor, at: datetime) -> int:
    """Remind of results that nobody has come for, each as often as the policy says.

    How many.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    rules, calendar = policy(), calendar_in_force()
    today = calendar.rank_of(day_of(at))
    waiting = HandOut.objects.filter(state=HandOutState.SHELVED, reminders__lt=rules.reminders_at_most)
    waiting = waiting.order_by(Coalesce("reminded_at", "shelved_at"), "id")  # those due longest are among the first
    reminded = 0
    for each in waiting.select_for_update(of=("self",), skip_locked=True).select_related("case__item", "organ")[
        :AT_ONCE
    ]:
        since, days = each.shelved_at, rules.remind_after_days
        if each.reminded_at:
            since, days = each.reminded_at, rules.remind_again_days
        if calendar.rank_of(day_of(since)) + days > today:
            continue
        each.reminders, each.reminded_at = each.reminders + 1, at
        each.save(update_fields=["reminders", "reminded_at"])
        tell(each, "结果还没有领取，请带身份证来领，不方便来的可以打电话改为邮寄", at=at)
        record("handout.remind", each, by=by, at=at, facts={"reminders": each.reminders})
        reminded += 1
    return reminded
