"""Corrections: said by whom the data are about or by the clerk, answered by the owner in time, told to whoever used them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import chinese_date, day_of
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import BadInput, Conflict
from banshi.events import emit
from banshi.exchange.comparison import person_index
from banshi.exchange.deadlines import day_of_rank, rank_after
from banshi.exchange.enums import CorrectionResult, ResourceState
from banshi.exchange.events import CORRECTED, CORRECTION_LATE, DISPUTED
from banshi.exchange.models import CallRecord, Correction, DataBatch, Resource
from banshi.exchange.notifications import CORRECTION_ANSWERED, CORRECTION_TOLD
from banshi.exchange.policy import exchange_policy
from banshi.exchange.purposes import Concerned, concerned_in
from banshi.exchange.signals import correction_answered
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders, nearest_holders
from banshi.people.models import Identity, Organ, User
from banshi.people.queries import account_of

LONGEST = 1000


@transaction.atomic
def dispute_call(call: CallRecord, *, words: str, by: Actor, at: datetime) -> Correction:
    """Say that what was answered is wrong (这不对)."""
    by = authorize(by, Permission.EXCHANGE_OBJECT, call, at=at)
    if not words.strip():
        raise BadInput("没有写哪里不对", remedy="请写明哪一项不对、应该是什么。")
    if call.resource is None or call.told_nothing:
        raise Conflict("这一次没有问到任何数据，没有可以更正的", remedy="请从有答复的核验里选。")
    correction = Correction(
        call=call,
        resource=call.resource,
        organ=call.organ,
        item=call.item,
        matter=call.purpose,
        matter_number=call.purpose_number,
        person_index=call.person_index,
    )
    return _raise(correction, words, {"call": call.number}, by=by, at=at)


@dataclass(frozen=True, slots=True)
class MatterOf:
    """A matter in whose form a value stood that somebody disputes. `subject` is its name in the ledger."""

    subject: str
    number: str
    organ: Organ
    item: Item
    person: User


@transaction.atomic
def dispute_value(source: str, matter: MatterOf, *, words: str, by: Actor, at: datetime) -> Correction | None:
    """Ask the owner of the register a form was filled in from to correct it.

    None where no published resource stands behind the source.
    """
    by = authorize(by, Permission.EXCHANGE_OBJECT, at=at)
    code = exchange_policy().correction.registers.get(source, "")
    resource = Resource.objects.filter(code=code, state=ResourceState.PUBLISHED).select_related("organ").first()
    if resource is None:
        return None
    identity = Identity.objects.filter(user=matter.person).first()
    correction = Correction(
        resource=resource,
        organ=matter.organ,
        item=matter.item,
        matter=matter.subject,
        matter_number=matter.number,
        person_index=identity.number_index if identity else "",
    )
    return _raise(correction, words, {"matter": matter.subject}, by=by, at=at)


def _raise(correction: Correction, words: str, facts: dict[str, Any], *, by: Allowed, at: datetime) -> Correction:
    """Send a correction to the owner of the resource, who has until a day to answer."""
    correction.raised_by, correction.received_at = account_of(by), at
    correction.words_sealed = encrypt(words.strip()[:LONGEST], purpose=Correction.WORDS)
    correction.due_rank = rank_after(at, exchange_policy().correction.days)
    try:
        with transaction.atomic():
            correction.save(force_insert=True)
    except IntegrityError as open_one:
        raise Conflict("这一条已经在核实", remedy="请等提供单位答复。") from open_one
    due = day_of_rank(correction.due_rank)
    record("exchange.dispute_call", correction, by=by, at=at, facts={**facts, "due": due.isoformat()})
    emit(DISPUTED, correction, by=by, at=at)
    owner = correction.resource.organ_id
    who = holders([owner], Permission.EXCHANGE_PROVIDE, day_of(at)).get(owner, set())
    said = f"有人说答得不对，请在{chinese_date(due)}前核实、更正并答复"
    notify(CORRECTION_TOLD, who, subject=correction, context={"resource": correction.resource, "said": said}, at=at)
    return correction


@dataclass(frozen=True, slots=True)
class OpenedCorrection:
    """Words of a correction and whom it is about, None where the papers of the matter are not here."""

    words: str
    about: Concerned | None


@transaction.atomic
def look_at_correction(correction: Correction, *, by: Actor, at: datetime) -> OpenedCorrection:
    """Open, on record, what was said to be wrong and of whom."""
    authorize(by, Permission.EXCHANGE_PROVIDE, correction, at=at)
    record("exchange.look_at_correction", correction, by=by, at=at, facts={})
    words = decrypt(bytes(correction.words_sealed), purpose=Correction.WORDS)
    named = (each for each in concerned_in(correction.matter) if person_index(each.number) == correction.person_index)
    return OpenedCorrection(words, next(named, None))


@transaction.atomic
def answer_correction(correction: Correction, *, result: str, words: str, by: Actor, at: datetime) -> Correction:
    """Report back what came of it, and tell every organ that used wrong data about this person."""
    now = Correction.objects.select_for_update(of=("self",)).select_related("resource__organ").get(pk=correction.pk)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, now, at=at)
    if now.result:
        raise Conflict("已经答复过", remedy="请刷新页面查看。")
    if not words.strip():
        raise BadInput("没有写核实的情况", remedy="提出的人会看到，请写明。")
    now.result, now.answered_at, now.answered_by = CorrectionResult(result), at, account_of(by)
    now.answer_sealed = encrypt(words.strip()[:LONGEST], purpose=Correction.WORDS)
    now.save()
    record("exchange.answer_correction", now, by=by, at=at, facts={"call": now.call_id, "result": str(now.result)})
    emit(CORRECTED, now, by=by, at=at, result=str(now.result))
    correction_answered.send(Correction, correction=now, words=words.strip(), at=at)
    told = {"resource": now.resource, "organ": now.resource.organ.called, "said": now.get_result_display()}
    notify(CORRECTION_ANSWERED, [now.raised_by_id] if now.raised_by_id else [], subject=None, context=told, at=at)
    if now.result == CorrectionResult.CORRECTED and now.person_index:
        used = CallRecord.objects.filter(resource=now.resource, person_index=now.person_index, at__lt=at)
        organs = set(used.values_list("organ_id", flat=True))
        askers = holders(organs, Permission.EXCHANGE_ASK, day_of(at))
        for organ in sorted(organs):
            own = used.filter(organ=organ).order_by().values_list("clerk", "purpose_number").distinct()
            clerks = {int(each.removeprefix("user:")) for each, _ in own if each.startswith("user:")}
            numbers = "、".join(sorted({number for _, number in own})[:20])
            said = f"更正了一个人的数据，办件{numbers}用过更正以前的，请看看要不要重新核验"
            context = {"resource": now.resource, "said": said}
            notify(CORRECTION_TOLD, clerks | askers.get(organ, set()), subject=now, context=context, at=at)
    if now.result == CorrectionResult.CORRECTED:
        # Who keeps a copy is told to look for what was mended, without a name.
        taken = DataBatch.objects.filter(subscription__grant__request__resource=now.resource, taken_at__lt=at)
        organs = set(taken.order_by().values_list("subscription__grant__request__organ", flat=True))
        said = "更正了一个人的数据，整批取过的以后一批为准，取以前请不要再用旧的"
        context = {"resource": now.resource, "said": said}
        for who in holders(organs, Permission.EXCHANGE_ASK, day_of(at)).values():
            notify(CORRECTION_TOLD, who, subject=now, context=context, at=at)
    return now


@transaction.atomic
def escalate_corrections(*, by: Actor, at: datetime) -> int:
    """Tell the owner's leader and the data authority, once, of each correction whose last day is over."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    today, day = calendar_in_force().rank_of(day_of(at)), day_of(at)
    rows = Correction.objects.select_for_update(of=("self",)).select_related("resource__organ")
    late = list(rows.filter(result="", due_rank__lt=today, escalated_on=None))
    leaders = holders({each.resource.organ_id for each in late}, Permission.SUPERVISION_ANSWER, day)
    authorities = nearest_holders({each.resource.organ for each in late}, Permission.EXCHANGE_OVERSEE, day)
    for each in late:
        owner, due = each.resource.organ, day_of_rank(each.due_rank)
        each.escalated_on = day
        each.save(update_fields=["escalated_on"])
        record("exchange.escalate_correction", each, by=by, at=at, facts={"due": due.isoformat()})
        emit(CORRECTION_LATE, each, by=by, at=at, due_day=due.isoformat())
        who = leaders.get(owner.pk, set()) | authorities.get(owner.pk, set())
        said = f"{owner.called}到{chinese_date(due)}没有答复，已经超期"
        notify(CORRECTION_TOLD, who, subject=each, context={"resource": each.resource, "said": said}, at=at)
    return len(late)
