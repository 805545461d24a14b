"""Corrections: said by whom the data are about or by the clerk, answered by the owner in time, told to whoever used them."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import BadInput, Conflict
from banshi.events import emit
from banshi.exchange.deadlines import day_of_rank, rank_after
from banshi.exchange.enums import CorrectionResult
from banshi.exchange.events import CORRECTED, DISPUTED
from banshi.exchange.models import CallRecord, Correction
from banshi.exchange.notifications import CORRECTION_ANSWERED, CORRECTION_TOLD
from banshi.exchange.policy import exchange_policy
from banshi.ledger import Actor, record
from banshi.notifications.kinds import in_words
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.queries import account_of

LONGEST = 1000


@transaction.atomic
def dispute_call(call: CallRecord, *, words: str, by: Actor, at: datetime) -> Correction:
    """Say that what was answered is wrong (这不对)."""
    by = authorize(by, Permission.EXCHANGE_OBJECT, call, at=at)
    if not words.strip():
        raise BadInput("没有写哪里不对", remedy="请写明哪一项不对、应该是什么。")
    if Correction.objects.filter(call=call, result="").exists():
        raise Conflict("这一条已经在核实", remedy="请等提供单位答复。")
    if call.resource is None:
        raise Conflict("这一次没有问到任何数据，没有可以更正的", remedy="请从有答复的核验里选。")
    correction = Correction.objects.create(
        call=call,
        resource=call.resource,
        raised_by=account_of(by),
        words_sealed=encrypt(words.strip()[:LONGEST], purpose=Correction.WORDS),
        received_at=at,
        due_rank=rank_after(at, exchange_policy().correction.days),
    )
    due = day_of_rank(correction.due_rank)
    record("exchange.dispute_call", correction, by=by, at=at, facts={"call": call.number, "due": due.isoformat()})
    emit(DISPUTED, correction, by=by, at=at)
    owner = correction.resource.organ_id
    who = holders([owner], Permission.EXCHANGE_PROVIDE, day_of(at)).get(owner, set())
    said = f"有人说答得不对，请在{in_words(due)}前核实、更正并答复"
    notify(CORRECTION_TOLD, who, subject=correction, context={"resource": call.resource, "said": said}, at=at)
    return correction


@transaction.atomic
def look_at_correction(correction: Correction, *, by: Actor, at: datetime) -> str:
    """Open what was said to be wrong, which is recorded."""
    authorize(by, Permission.EXCHANGE_PROVIDE, correction, at=at)
    record("exchange.look_at_correction", correction, by=by, at=at, facts={})
    return decrypt(bytes(correction.words_sealed), purpose=Correction.WORDS)


@transaction.atomic
def answer_correction(correction: Correction, *, result: str, words: str, by: Actor, at: datetime) -> Correction:
    """Report back what came of it, and tell every organ that used wrong data about this person."""
    now = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("call", "resource__organ")
        .get(pk=correction.pk)
    )
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
    told = {"resource": now.resource, "organ": now.resource.organ.called, "said": now.get_result_display()}
    notify(CORRECTION_ANSWERED, [now.raised_by_id] if now.raised_by_id else [], subject=None, context=told, at=at)
    if now.result == CorrectionResult.CORRECTED:
        used = CallRecord.objects.filter(resource=now.resource, person_index=now.call.person_index)
        organs = set(used.values_list("organ_id", flat=True))
        askers = holders(organs, Permission.EXCHANGE_ASK, day_of(at))
        for organ in sorted(organs):
            own = used.filter(organ=organ).order_by().values_list("clerk", "purpose_number").distinct()
            clerks = {int(each.removeprefix("user:")) for each, _ in own if each.startswith("user:")}
            numbers = "、".join(sorted({number for _, number in own})[:20])
            said = f"更正了一个人的数据，办件{numbers}用过更正以前的，请看看要不要重新核验"
            context = {"resource": now.resource, "said": said}
            notify(CORRECTION_TOLD, clerks | askers.get(organ, set()), subject=now, context=context, at=at)
    return now
