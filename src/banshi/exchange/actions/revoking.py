"""Grants taken back, at once."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, allows, authorize
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict
from banshi.events import emit
from banshi.exchange.events import REVOKED
from banshi.exchange.models import Grant
from banshi.exchange.notifications import REQUEST_TOLD
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.queries import account_of


@transaction.atomic
def revoke_grant(grant: Grant, *, reason: str, by: Actor, at: datetime) -> Grant:
    """Take a grant back, as the owner or (on misuse, §29) as the data authority."""
    rows = Grant.objects.select_for_update(of=("self",))
    now = rows.select_related("request__organ", "request__resource__organ").get(pk=grant.pk)
    owns = allows(by, Permission.EXCHANGE_PROVIDE, now, at=at)
    by = authorize(by, Permission.EXCHANGE_PROVIDE if owns else Permission.EXCHANGE_OVERSEE, now, at=at)
    if now.revoked_at:
        raise Conflict("授权已经收回", remedy="请刷新页面查看。")
    if not reason.strip():
        raise BadInput("没有写收回的原因", remedy="使用单位会看到。")
    now.revoked_at, now.revoked_by, now.revoke_reason = at, account_of(by), reason.strip()[:300]
    now.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    record("exchange.revoke_grant", now, by=by, at=at, facts={"resource": now.request.resource.code})
    emit(REVOKED, now, by=by, at=at, resource=now.request.resource.code, grant=now.pk)
    organ = now.request.organ
    told = {"resource": now.request.resource, "organ": organ.called, "said": f"授权收回：{now.revoke_reason}"}
    who = holders([organ.pk], Permission.EXCHANGE_ASK, day_of(at)).get(organ.pk, set())
    notify(REQUEST_TOLD, who, subject=now.request, context=told, at=at)
    return now
