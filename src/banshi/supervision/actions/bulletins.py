"""Issuing a bulletin: its figures are frozen and numbered at once, and printed afterwards."""

import io
import json
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict
from banshi.core.json_types import JsonObject
from banshi.documents.official import Official, as_docx, as_pdf
from banshi.files import keep
from banshi.ledger import Actor, System, record
from banshi.papers.numbering import next_number
from banshi.papers.signing import signed
from banshi.people.models import Organ
from banshi.people.posts import organs_where
from banshi.people.queries import account_of
from banshi.supervision.bulletins import figures_of, paper_of
from banshi.supervision.models import SupervisionBulletin
from banshi.supervision.periods import Period

SERIES = "监督通报"
PRINTER = System("supervision")


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
    from banshi.supervision.tasks import print_bulletins  # tasks are declared with the models loaded

    print_bulletins.enqueue(at=at.isoformat())
    return bulletin


def digest_of(figures: JsonObject) -> str:
    return digest(json.dumps(figures, ensure_ascii=False, sort_keys=True).encode())


def written(bulletin: SupervisionBulletin) -> Official:
    """Write an issued bulletin from its frozen figures.

    Raises Conflict when they are no longer those that were issued.
    """
    if digest_of(bulletin.figures) != bulletin.figures_digest:
        raise Conflict(
            f"{bulletin.number}的数据和发布时不一样", remedy="请不要采信，并请管理员用 banshi verify-ledger 核对。"
        )
    organ = bulletin.organ
    on, example = day_of(bulletin.issued_at), organ.is_example
    return paper_of(
        bulletin.figures, organ=organ.name, number=bulletin.number, on=on, is_draft=False, is_example=example
    )


def print_bulletin(bulletin: SupervisionBulletin, *, at: datetime) -> None:
    """Print an issued bulletin as PDF, signed, and as Word, each once."""
    paper = written(bulletin)
    pdf = signed(as_pdf(paper), organ=bulletin.organ, reason=bulletin.number)
    files = {"pdf": pdf, "docx": as_docx(paper)}
    with transaction.atomic():
        now = SupervisionBulletin.objects.select_for_update().get(pk=bulletin.pk)
        for kind, content in files.items():
            if getattr(now, kind) is None:
                name = f"{bulletin.number}.{kind}"
                kept = keep(io.BytesIO(content), name=name, purpose="bulletin", organ=bulletin.organ, by=PRINTER, at=at)
                setattr(now, kind, kept)
        now.save(update_fields=["pdf", "docx"])
