"""The whole story of a case from the ledger (可追溯): everybody's acts on it and on whatever belongs to it."""

from django.db.models import QuerySet

from banshi.cases.models import Case
from banshi.ledger import name_of
from banshi.ledger.models import LedgerEntry
from banshi.papers.queries import papers_about


def story_of_case(case: Case, *, supervised: bool = False) -> QuerySet[LedgerEntry]:
    """List what was recorded of a case, its application, acts, steps, materials, promises, papers and fees, oldest first.

    With `supervised`, what supervision found, ordered and inspected too, which the applicant does not see.
    """
    application = case.application
    parts = [
        *(case, application, *case.acts.all(), *case.tasks.all(), *application.materials.all()),
        *(*application.promises.all(), *case.fee_orders.all(), *papers_about(case.number)),
    ]
    if supervised:
        findings = list(case.irregularities.all())
        papers = [paper for each in findings for paper in papers_about(f"JC{each.pk}")]
        parts += [*findings, *papers, *case.inspections.all()]
    return LedgerEntry.objects.filter(subject__in=[name_of(each) for each in parts]).order_by("number")
