"""Whole stories from the ledger (可追溯): everybody's acts on a case, an item, a campaign, a complaint, or a person's matters."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from banshi.campaigns.models import Campaign, Decision, Entry, Participation, Report, ReviewBody, Stage
from banshi.cases.models import Application, Case, CaseAct, CaseMaterial, CaseTask, Promise
from banshi.catalog.models import Item, Publication, Revision
from banshi.feedback.models import Complaint
from banshi.feedback.queries import complaints_of
from banshi.fees.models import FeeOrder
from banshi.ledger import name_of
from banshi.ledger.models import LedgerEntry
from banshi.papers.models import Paper
from banshi.people.models import User
from banshi.reception.models import Mandate
from banshi.reception.queries import mandates_given_by
from banshi.supervision.models import Inspection, Irregularity
from banshi.supervision.queries import with_what_is_inspected
from banshi.supervision.rules import label_of_finding

NEWEST = 200
"""Cases and applications of a person that are looked up."""


def entries_about(parts: Iterable[Model]) -> QuerySet[LedgerEntry]:
    """List what was recorded of some rows, oldest first."""
    return LedgerEntry.objects.filter(subject__in=[name_of(each) for each in parts]).order_by("at", "number")


def story_of_case(case: Case, *, supervised: bool = False) -> QuerySet[LedgerEntry]:
    """List what was recorded of a case, its application, acts, steps, materials, promises, papers and fees, oldest first.

    With `supervised`, what supervision found, ordered and inspected too, which the applicant does not see.
    """
    parts: list[Model] = [case, case.application, *_parts([case], [case.application])]
    if supervised:
        findings = list(case.irregularities.all())
        papers = Paper.objects.filter(about__in=[f"JC{each.pk}" for each in findings])
        parts += [*findings, *papers, *case.inspections.all()]
    return entries_about(parts)


def _parts(cases: Sequence[Case], applications: Sequence[Application]) -> list[Model]:
    """List what belongs to cases and applications, a query for each kind."""
    rows: list[QuerySet[Any]] = [
        *(model._default_manager.filter(case__in=cases) for model in (CaseAct, CaseTask, FeeOrder)),
        *(model._default_manager.filter(application__in=applications) for model in (CaseMaterial, Promise)),
        Paper.objects.filter(about__in=[each.number for each in cases]),
    ]
    return [each for some in rows for each in some.only("pk")]


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


def story_of_person(person: User) -> QuerySet[LedgerEntry]:
    """List what was recorded of a person's cases, applications and what belongs to them, complaints and mandates."""
    cases = list(person.cases.order_by("-id")[:NEWEST])
    applications = list(person.applications.order_by("-id")[:NEWEST])
    parts = [*cases, *applications, *_parts(cases, applications)]
    return entries_about([*parts, *complaints_of(person)[:NEWEST], *mandates_given_by(person)[:NEWEST]])


# What an entry of a story is about: the matter, and what of it


def _case(it: Case) -> str:
    return f"{it.item.name}，办件{it.number}"


def _application(it: Application) -> str:
    return _case(it.case) if hasattr(it, "case") else f"{it.publication.item.name}的申请"


OF_APPLICATION = ("application__case__item", "application__publication__item")
Words = Callable[[Any], tuple[str, str]]


def _told() -> list[tuple[QuerySet[Any], Words]]:
    """List the kinds of rows in stories, with the words for one: the matter, and what of it."""
    item = Subquery(Case.objects.filter(number=OuterRef("about")).values("item__name")[:1])
    papers = Paper.objects.annotate(item_name=Coalesce(item, Value("")))
    return [
        (Case.objects.select_related("item"), lambda it: (_case(it), "")),
        (Application.objects.select_related("case__item", "publication__item"), lambda it: (_application(it), "")),
        (CaseAct.objects.select_related("case__item"), lambda it: (_case(it.case), "")),
        (CaseTask.objects.select_related("case__item"), lambda it: (_case(it.case), f"环节“{it.name}”")),
        (
            CaseMaterial.objects.select_related(*OF_APPLICATION),
            lambda it: (_application(it.application), f"材料“{it.name}”"),
        ),
        (
            Promise.objects.select_related(*OF_APPLICATION),
            lambda it: (_application(it.application), f"{it.get_kind_display()}“{it.name}”"),
        ),
        (FeeOrder.objects.select_related("case__item"), lambda it: (_case(it.case), f"缴费单{it.number}")),
        (papers, lambda it: (f"{it.item_name}，办件{it.about}" if it.item_name else "", str(it))),
        (Irregularity.objects.all(), lambda it: (str(it), label_of_finding(it.rule, it.level))),
        (with_what_is_inspected(Inspection.objects.all()), lambda it: (it.name, it.number)),
        (Item.objects.all(), lambda it: (it.name, "")),
        (Revision.objects.select_related("item"), lambda it: (it.item.name, f"第{it.number}稿")),
        (Publication.objects.select_related("item"), lambda it: (it.item.name, f"办事指南第{it.number}版")),
        (Entry.objects.select_related("item", "campaign"), lambda it: (it.item.name, it.campaign.name)),
        (Campaign.objects.all(), lambda it: (it.name, "")),
        (Stage.objects.select_related("campaign"), lambda it: (it.campaign.name, it.called)),
        (
            ReviewBody.objects.select_related("campaign", "organ", "division"),
            lambda it: (it.campaign.name, f"{it.label}：{it}" if it.organ else it.label),
        ),
        (
            Participation.objects.select_related("campaign", "organ"),
            lambda it: (it.campaign.name, it.organ.name),
        ),
        (
            Report.objects.select_related("participation__campaign", "participation__organ"),
            lambda it: (it.participation.campaign.name, f"{it.participation.organ.name}，第{it.round}轮，{it.items}项"),
        ),
        (Decision.objects.select_related("campaign"), lambda it: (it.campaign.name, it.meeting)),
        (Complaint.objects.all(), lambda it: (f"{it.get_kind_display()}{it.number}", "")),
        (Mandate.objects.select_related("agent"), lambda it: (f"委托{it.agent}：{it.matters}", "")),
    ]


def told_about(entries: Iterable[LedgerEntry], *, within: Model | None = None) -> dict[str, str]:
    """Say by subject what entries are about, `within` the story of one matter only what of it."""
    asked: dict[str, set[str]] = {}
    for subject in {*(each.subject for each in entries), *([name_of(within)] if within else [])}:
        label, _, key = subject.partition(":")
        asked.setdefault(label, set()).add(key)
    matters: dict[str, tuple[str, str]] = {}
    for rows, words in _told():
        if keys := asked.get(rows.model._meta.label):
            matters |= {name_of(each): words(each) for each in rows.filter(pk__in=keys)}
    if within is None:
        return {subject: "，".join(filter(None, told)) for subject, told in matters.items()}
    own = matters[name_of(within)][0]
    return {subject: part or (matter if matter != own else "") for subject, (matter, part) in matters.items()}
