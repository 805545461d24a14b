"""Units hand in lists besides their guides: 目录表, 承揽机构名录, 可转移清单."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.campaigns.annexes import rows_of
from banshi.campaigns.enums import ReportedList
from banshi.campaigns.models import HandedIn, Participation
from banshi.catalog.actions.drafts import content_digest
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.ledger import Actor, record


@transaction.atomic
def hand_in(unit: Participation, *, annex: ReportedList, nothing: str = "", by: Actor, at: datetime) -> HandedIn:
    """Report a list as it stands.

    Until the round is signed it may be reported anew.
    """
    authorize(by, Permission.REPORT_PREPARE, unit, at=at)
    number = unit.reported_round + 1
    if annex not in unit.campaign.plan.annexes_of(number):
        raise Conflict(f"第{number}轮不报“{annex.label}”", remedy="请刷新页面查看这一轮要报什么。")
    if unit.campaign.state != "running" or unit.left_at:
        raise Conflict("这项工作没有启动或已经结束，或本单位已经退出，现在不能上报")
    rows = rows_of(unit, annex)
    count, reason = len(rows) - 1, nothing.strip()
    if not count and not reason:
        raise BadInput(f"“{annex.label}”一项也没有", [Problem("本单位确实没有的，请写一句为什么", field="nothing")])
    given = {"rows": rows, "count": count, "nothing": "" if count else reason, "by": by.ledger_name, "at": at}
    kept, _ = HandedIn.objects.update_or_create(
        participation=unit, annex=annex, round=number, defaults={**given, "digest": content_digest({"rows": rows})}
    )
    facts = {"annex": annex, "round": number, "count": count, "digest": kept.digest, "nothing": kept.nothing}
    record("campaigns.hand_in", unit, by=by, at=at, facts=facts)
    return kept
