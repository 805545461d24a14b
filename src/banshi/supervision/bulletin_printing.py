"""Printing of issued bulletins (PDF, signed, and Word), after the commit."""

import io
import json
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django_tasks import task

from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import Conflict
from banshi.core.json_types import JsonObject
from banshi.documents.official import Official
from banshi.documents.official_files import as_docx, as_pdf
from banshi.files import keep
from banshi.ledger import System
from banshi.papers.signing import signed
from banshi.supervision.bulletins import paper_of
from banshi.supervision.models import SupervisionBulletin

PRINTER = System("supervision")


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


@task()
def print_bulletins(at: str) -> None:
    """Print the bulletins that were issued and have no files yet."""
    waiting = SupervisionBulletin.objects.filter(Q(pdf=None) | Q(docx=None)).select_related("organ")
    for each in waiting.order_by("id"):
        print_bulletin(each, at=datetime.fromisoformat(at))
