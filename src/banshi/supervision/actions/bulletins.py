"""Issuing a bulletin: its figures are frozen and numbered at once, and printed afterwards."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict
from banshi.ledger import Actor, record
from banshi.papers.numbering import next_number
from banshi.people.models import Organ
from banshi.people.posts import organs_where
from banshi.people.queries import account_of
from banshi.supervision.bulletin_printing import digest_of, print_bulletins
from banshi.supervision.bulletins import figures_of
from banshi.supervision.models import SupervisionBulletin
from banshi.supervision.periods import Period

SERIES = "监督通报"


@transaction.atomic
def issue_bulletin(organ: Organ, period: Period, *, by: Actor, at: datetime) -> SupervisionBulletin:
    """Issue (发布) the bulletin of a month or a year that is over, its figures frozen with their digest."""
    by = authorize(by, Permission.SUPERVISION_REPORT, organ, at=at)
    if period.until > day_of(at):
        raise BadInput(f"{period.label}还没有结束", remedy=f"请在{period.until:%-m月%-d日}以后发布。")
    if SupervisionBulletin.objects.filter(organ=organ, period=str(period)).exists():
        raise Conflict(f"{period.label}的通报已经发布过", remedy="发布以后不再改动，请直接查看。")
    organs = organs_where(account_of(by), Permission.SUPERVISION_REPORT, at)
    figures = figures_of(organs, period, at=at)
    year = day_of(at).year
    taken = next_number("supervision_bulletin", organ, series=SERIES, year=year)
    bulletin = SupervisionBulletin.objects.create(
        organ=organ,
        period=str(period),
        number=f"{taken.sign or organ.called}{SERIES}〔{year}〕{taken.serial}号",
        figures=figures,
        figures_digest=digest_of(figures),
        issued_at=at,
        issued_by=account_of(by),
    )
    facts = {"number": bulletin.number, "period": str(period), "figures": bulletin.figures_digest}
    record("supervision.issue_bulletin", bulletin, by=by, at=at, facts=facts)
    print_bulletins.enqueue(at=at.isoformat())
    return bulletin
