"""Whole stories from the ledger (可追溯): everybody's acts on a case, an item, a campaign, a complaint, or a person's matters."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from banshi.campaigns.models import Campaign, Report
from banshi.cases.models import Case
from banshi.catalog.models import Item
from banshi.feedback.models import Complaint
from banshi.feedback.queries import complaints_of
from banshi.ledger import name_of
from banshi.ledger.models import LedgerEntry
from banshi.papers.queries import papers_about

NEWEST = 200
"""Cases and applications of a person that are looked up."""


def entries_about(parts: Iterable[Model]) -> QuerySet[LedgerEntry]:
    """List what was recorded of some rows, oldest first."""
    return LedgerEntry.objects.filter(subject__in=[name_of(each) for each in parts]).order_by("number")


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
    return entries_about(parts)


def story_of_item(item: Item) -> QuerySet[LedgerEntry]:
    """List what was recorded of an item, its revisions, publications and places in campaigns."""
    return entries_about([item, *item.revisions.all(), *item.publications.all(), *item.entries.all()])


def story_of_campaign(campaign: Campaign) -> QuerySet[LedgerEntry]:
    """List what was recorded of a campaign as a whole, its units' reports and its decisions, not of each item in it."""
    reports = Report.objects.filter(participation__campaign=campaign)
    parts = [campaign, *campaign.stages.all(), *campaign.bodies.all(), *campaign.participations.all()]
    return entries_about([*parts, *reports, *campaign.decisions.all()])


def story_of_complaint(complaint: Complaint) -> QuerySet[LedgerEntry]:
    """List what was recorded of a complaint and of those joined to it."""
    return entries_about([complaint, *complaint.followers.all()])


def story_of_person(person: Any) -> QuerySet[LedgerEntry]:
    """List what was recorded of a person's cases, applications, complaints and mandates."""
    cases = list(person.cases.order_by("-id")[:NEWEST])
    acts = [act for case in cases for act in case.acts.all()]
    complaints = complaints_of(person)[:NEWEST]
    return entries_about([*cases, *acts, *person.applications.order_by("-id")[:NEWEST], *complaints])
