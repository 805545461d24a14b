"""Reads of papers and of what offices set for them."""

from django.db.models import QuerySet

from banshi.papers.kinds import PaperKind, kind_named
from banshi.papers.models import Letterhead, Paper, PaperTemplate
from banshi.people.models import Organ


def papers_about(number: str) -> QuerySet[Paper]:
    """List the papers of a case, newest first."""
    return Paper.objects.filter(about=number).select_related("organ", "file")


def paper_by_code(code: str) -> Paper | None:
    """Find a paper by its verification code, however it was typed."""
    plain = "".join(each for each in code.upper() if each.isalnum())[:12]
    return (
        Paper.objects.select_related("organ", "file").filter(code="-".join((plain[:4], plain[4:8], plain[8:]))).first()
    )


def unprintable_papers(organs: QuerySet[Organ]) -> QuerySet[Paper]:
    """List the papers of organs that could not be printed, newest first."""
    failed = Paper.objects.filter(organ__in=organs, file=None, revoked_at=None).exclude(print_error="")
    return failed.order_by("-id")


def papers_to_print() -> QuerySet[Paper]:
    return Paper.objects.filter(file=None).order_by("id")


def letterhead_of(organ: Organ) -> Letterhead:
    return Letterhead.objects.filter(organ=organ).select_related("seal").first() or Letterhead(organ=organ)


KEY_IN_FORCE = """
COALESCE(
    (SELECT CASE WHEN text <> '' THEN id END FROM {table} WHERE kind = %(kind)s AND organ_id = %(organ)s ORDER BY id DESC LIMIT 1),
    (SELECT CASE WHEN text <> '' THEN id END FROM {table} WHERE kind = %(kind)s AND organ_id IS NULL ORDER BY id DESC LIMIT 1)
)
""".replace("{table}", PaperTemplate._meta.db_table)
"""The newest text an organ wrote for a kind, else the newest of all. One that is empty gives way to the next."""
IN_FORCE = "SELECT * FROM {table} WHERE id = {key}"


def template_for(kind: str, organ: Organ | None) -> PaperTemplate | None:
    """Find the text that applies to an organ's papers of a kind.

    None for ours.
    """
    asked = {"kind": kind, "organ": organ.pk if organ else None}
    rows = PaperTemplate.objects.raw(IN_FORCE.format(table=PaperTemplate._meta.db_table, key=KEY_IN_FORCE), asked)
    return next(iter(rows), None)


def writings_of(organ: Organ | None) -> dict[str, PaperTemplate]:
    """Return by kind the newest texts an organ wrote, or of those for all."""
    newest: dict[str, PaperTemplate] = {}
    for each in PaperTemplate.objects.filter(organ=organ).order_by("-id"):
        newest.setdefault(each.kind, each)
    return {kind: each for kind, each in newest.items() if each.text}


def text_of(kind: PaperKind | str, template: PaperTemplate | None) -> str:
    return template.text if template and template.text else (kind_named(kind) if isinstance(kind, str) else kind).text
