"""Subscriptions: a granted resource in batches, made whole or not at all, taken on record, counted on both sides."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import Any

from django.db import transaction
from django.db.models import Q

from banshi.access import Permission, authorize
from banshi.clients.models import Client
from banshi.core.clock import day_of
from banshi.core.errors import BanshiError, Conflict, Missing, Refused
from banshi.events import emit
from banshi.exchange.actions.measuring import moment_of
from banshi.exchange.actions.updating import follow_structure
from banshi.exchange.batch_files import MEDIA, PART, batch_rows, require_in_force, sha256_of, write_batch
from banshi.exchange.call_log import TAKEN, append
from banshi.exchange.declarations import declared_resources
from banshi.exchange.enums import BatchFormat, BatchKind, CallKind, CallOutcome
from banshi.exchange.events import BATCH_COUNTED, BATCH_MADE
from banshi.exchange.models import CallRecord, DataBatch, DataSystem, Grant, Subscription
from banshi.exchange.policy import exchange_policy
from banshi.exchange.sources import Bulk, Source, SourceTrouble, StreamedSource, ask
from banshi.files import drop, keep_made, open_file
from banshi.ledger import Actor, System, name_of, record


@transaction.atomic
def subscribe(grant: Grant, *, form: BatchFormat = BatchFormat.CSV, by: Actor, at: datetime) -> Subscription:
    """Begin to receive a granted resource in batches, the first of which is whole."""
    by = authorize(by, Permission.EXCHANGE_ASK, grant.request, at=at)
    require_in_force(grant, at)
    kept = {"format": form, "begun_at": at, "ended_at": None, "cursor": "", "whole_wanted": True}
    one, _ = Subscription.objects.update_or_create(grant=grant, defaults=kept)
    record("exchange.subscribe", one, by=by, at=at, facts={"grant": grant.pk, "format": str(form)})
    return one


@transaction.atomic
def end_subscription(subscription: Subscription, *, by: Actor, at: datetime) -> Subscription:
    one = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    by = authorize(by, Permission.EXCHANGE_ASK, one, at=at)
    if one.ended_at:
        raise Conflict("已经停止", remedy="请刷新页面查看。")
    one.ended_at = at
    one.save(update_fields=["ended_at"])
    record("exchange.end_subscription", one, by=by, at=at, facts={})
    return one


def make_batch(subscription: Subscription, *, by: Actor, at: datetime) -> DataBatch | None:
    """Make the next batch, or None where nothing changed.

    The file is written apart and becomes a batch in one transaction, so that a half one is never seen.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    rows = Subscription.objects.select_related("grant__request__resource", "grant__request__organ")
    one = rows.get(pk=subscription.pk)
    grant, resource = one.grant, one.grant.request.resource
    require_in_force(grant, at)
    declared = declared_resources().get(resource.code)
    system = declared and declared.source and DataSystem.objects.filter(code=declared.source.system).first()
    if not declared or not declared.source or not system:
        raise Conflict(f"“{resource}”还没有接入数据", remedy="请联系提供单位。")
    source, limits = declared.source, exchange_policy().batches
    whole = one.whole_wanted or not source.updated
    kind = BatchKind.FULL if whole else BatchKind.INCREMENTAL
    if {*grant.fields, *(each["item"] for each in grant.conditions)} - {each.key for each in declared.items}:
        raise Conflict(f"“{resource}”的信息项改过，授权和它对不上了", remedy="请本单位的数据专员重新申请。")
    known_by = source.row or declared.item(source.person).column
    columns = (known_by, *(declared.item(each).column for each in grant.fields))
    conditions = {declared.item(each["item"]).column: each["values"] for each in grant.conditions}
    level = exchange_policy().masking.level
    granted = [declared.item(each) for each in grant.fields]
    masks = [None if each.key in grant.unmasked or each.level < level else each.kind for each in granted]
    number = (one.batches.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    with TemporaryFile() as file:

        def question(each: Source) -> tuple[int, int, str]:
            if not isinstance(each, StreamedSource):
                raise SourceTrouble("这种来源还不能整批取")
            bulk = Bulk(source.table, columns, conditions, source.updated, "", "", limits.seconds, limits.rows)
            total, newest = each.newest(bulk)
            if not whole and newest == one.cursor:
                return 0, total, newest
            since = "" if whole else one.cursor
            part = Bulk(source.table, columns, conditions, source.updated, since, newest, limits.seconds, limits.rows)
            organ, batch = grant.request.organ_id, f"{one.pk}-{number}"
            rows = each.stream(part)
            made = batch_rows(rows, masks=masks, code=resource.code, organ=organ, batch=batch, kind=kind, at=at)
            return write_batch(made, grant.fields, file, form=BatchFormat(one.format)), total, newest

        try:
            count, total, newest = ask(system, question, at=at, seconds=limits.seconds)
        except SourceTrouble as trouble:
            follow_structure(resource.code, trouble, at=at)
            raise Conflict(f"没有做成：{trouble}", remedy="来源恢复以后会自动再做，不会缺。") from trouble
        if not whole and newest == one.cursor:
            return None
        with transaction.atomic():
            locked = Subscription.objects.select_for_update(of=("self",)).select_related("grant").get(pk=one.pk)
            require_in_force(Grant.objects.select_related("request__resource").get(pk=locked.grant_id), at)
            if locked.ended_at or locked.cursor != one.cursor:
                return None
            name = f"{resource.code}-{number}.{one.format}"
            organ = grant.request.organ
            media = MEDIA[BatchFormat(one.format)]
            file.seek(0)
            whole_file = sha256_of(file)
            kept = keep_made(file, name=name, media_type=media, purpose="data-batch", organ=organ, by=by, at=at)
            dated = moment_of(newest)
            # A row dated ahead would hide all that changes until then: the next batch begins where this one did.
            reached = newest if dated is None or dated <= at else "" if whole else one.cursor
            batch = DataBatch.objects.create(
                subscription=one,
                number=number,
                kind=kind,
                cursor_from="" if whole else one.cursor,
                cursor_to=reached,
                rows=count,
                total=total,
                file=kept,
                sha256=whole_file,
                made_at=at,
            )
            Subscription.objects.filter(pk=one.pk).update(cursor=reached, whole_wanted=False)
            record("exchange.make_batch", batch, by=by, at=at, facts={"number": number, "rows": count, "kind": kind})
            told = {"resource": resource.code, "number": number, "grant": grant.pk}
            emit(BATCH_MADE, batch, by=by, at=at, batch_kind=str(kind), rows=count, **told)
    return batch


def make_due_batches(*, by: Actor, at: datetime) -> int:
    """Make the batches that are due, each apart from the others, and return how many were made."""
    authorize(by, Permission.AUTOMATIC, at=at)
    since = at - timedelta(hours=exchange_policy().batches.hours)
    made = 0
    for one in Subscription.objects.filter(ended_at=None).order_by("pk"):
        newest = one.batches.order_by("-number").values_list("made_at", flat=True).first()
        if newest and newest > since and not one.whole_wanted:
            continue
        try:
            made += make_batch(one, by=by, at=at) is not None
        except BanshiError:
            continue  # its state stands on the page of the operation; the next turn tries again
    return made


def remove_old_batches(*, by: Actor, at: datetime) -> int:
    """Delete the files of batches kept long enough, and of grants that have ended, and return how many went.

    Who never took one that goes is given a whole batch next.
    """
    authorize(by, Permission.AUTOMATIC, at=at)
    old = Q(made_at__lt=at - timedelta(days=exchange_policy().batches.keep_days))
    ended = Q(subscription__grant__revoked_at__isnull=False) | Q(subscription__grant__until__lt=day_of(at))
    gone = list(DataBatch.objects.filter(old | ended, file__isnull=False).order_by("pk").values_list("pk", flat=True))
    for pk in gone:
        with transaction.atomic():
            one = DataBatch.objects.select_for_update(of=("self",)).select_related("file").get(pk=pk)
            file, one.file, one.removed_at = one.file, None, at
            one.save(update_fields=["file", "removed_at"])
            if file is not None:
                drop([file], reason="批次的保存期已满，或授权已经结束", by=by, at=at)
            if one.taken_at is None:
                Subscription.objects.filter(pk=one.subscription_id).update(whole_wanted=True)
            record("exchange.remove_batch", one, by=by, at=at, facts={"number": one.number, "rows": one.rows})
    return len(gone)


def _permission_of(by: Actor) -> Permission:
    """Return the permission to take and count: a system's scope for calls, or a steward's."""
    return Permission.EXCHANGE_USE if isinstance(by, Client) else Permission.EXCHANGE_ASK


@transaction.atomic
def take_batch(batch: DataBatch, *, clerk: str = "", by: Actor, at: datetime) -> DataBatch:
    """Give a batch to its subscriber, which is a call like any other, on record before the file leaves.

    `clerk` is who a system says takes it.
    """
    rows = DataBatch.objects.select_for_update(of=("self",)).select_related(
        "subscription__grant__request__resource", "file"
    )
    one = rows.get(pk=batch.pk)
    by = authorize(by, _permission_of(by), one, at=at)
    grant = one.subscription.grant
    require_in_force(grant, at)
    if one.file is None:
        raise Missing("这一批的文件已经按期删除", remedy="请取后面的批次；没有取过这一批的，下一批是全量。")
    append(
        _call_for(
            one,
            grant,
            at=at,
            clerk=f"{by.ledger_id}/{clerk}"[:150] if clerk else by.ledger_id,
            clerk_name=f"{by.ledger_name} {clerk}".strip()[:150],
            purpose_number=_numbered(one),
            outcome=CallOutcome.ANSWERED,
            rows=one.rows,
            answer_digest=one.file.digest,
        ),
        grant,
        action=TAKEN,
        told_of=one,
        by=by,
        facts={"rows": one.rows},
    )
    if not one.sha256:
        with open_file(one.file) as file:  # made before digests were kept
            one.sha256 = sha256_of(file)
    one.taken_at = one.taken_at or at
    one.save(update_fields=["taken_at", "sha256"])
    return one


def parts_in_force(batch: DataBatch, *, clock: Callable[[], datetime]) -> Iterator[bytes]:
    """Give a file part by part for as long as its grant holds.

    Revoked meanwhile, the rest does not leave, and how much did is a call on record.
    """
    if batch.file is None:
        raise Missing("这一批的文件已经按期删除", remedy="请取后面的批次；没有取过这一批的，下一批是全量。")
    grants = Grant.objects.select_related("request__resource", "request__organ").filter(
        subscription=batch.subscription_id
    )
    with open_file(batch.file) as file:
        while part := file.read(PART):
            grant, at = grants.get(), clock()
            try:
                require_in_force(grant, at)
            except Refused:
                _cut_off(batch, grant, sent=file.tell() - len(part), size=batch.file.size, at=at)
                raise
            yield part


def _cut_off(batch: DataBatch, grant: Grant, *, sent: int, size: int, at: datetime) -> None:
    """Record that a file was cut off, under the name of who was taking it."""
    taking = CallRecord.objects.filter(grant=grant, kind=CallKind.BATCH, outcome=CallOutcome.ANSWERED, at__lte=at)
    taker = taking.filter(purpose_number=_numbered(batch)).order_by("-number").first()
    append(
        _call_for(
            batch,
            grant,
            at=at,
            clerk=taker.clerk if taker else "",
            clerk_name=taker.clerk_name if taker else "",
            purpose_number=f"{_numbered(batch)}，送出{sent / size:.0%}以后停止",
            outcome=CallOutcome.REFUSED,
        ),
        grant,
        action=TAKEN,
        told_of=batch,
        by=System("exchange"),
        facts={"sent": sent, "size": size},
    )


def _call_for(batch: DataBatch, grant: Grant, **told: Any) -> CallRecord:
    """Make the call by which a batch is taken, or cut off."""
    return CallRecord(
        grant=grant,
        resource=grant.request.resource,
        organ=grant.request.organ,
        item_id=grant.request.item_id,
        purpose=name_of(batch.subscription),
        kind=CallKind.BATCH,
        fields=list(grant.fields),
        **told,
    )


def _numbered(batch: DataBatch) -> str:
    return f"订阅{batch.subscription_id}第{batch.number}批"


@transaction.atomic
def count_batch(batch: DataBatch, *, rows: int, total: int | None = None, by: Actor, at: datetime) -> DataBatch:
    """Take down what the other side counted, and make the next batch whole where the figures differ."""
    rows_of = DataBatch.objects.select_for_update(of=("self",)).select_related("subscription__grant__request__resource")
    one = rows_of.get(pk=batch.pk)
    by = authorize(by, _permission_of(by), one, at=at)
    if one.taken_at is None:
        raise Conflict("这一批还没有取走", remedy="先取文件，再报条数。")
    one.counted, one.counted_total, one.counted_at = rows, total, at
    one.save(update_fields=["counted", "counted_total", "counted_at"])
    newest = not DataBatch.objects.filter(subscription=one.subscription, number__gt=one.number).exists()
    if one.differs and newest:
        Subscription.objects.filter(pk=one.subscription_id).update(whole_wanted=True)
    facts = {"rows": one.rows, "counted": rows, "total": one.total, "counted_total": total}
    record("exchange.count_batch", one, by=by, at=at, facts=facts)
    grant = one.subscription.grant
    told = {"resource": grant.request.resource.code, "number": one.number, "grant": grant.pk}
    emit(BATCH_COUNTED, one, by=by, at=at, batch_kind=one.kind, rows=rows, differs=one.differs, **told)
    return one
