"""Reads of bundles: those in force, what the place has for each, one's own, and how far one has come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from banshi.bundles.deadline import BundleDeadline, bundle_deadline
from banshi.bundles.definition import BundleDefinition
from banshi.bundles.merging import (
    BundleMember,
    MergedMaterial,
    MergedMaterials,
    applying,
    asked_fields,
    merged_form,
    merged_materials,
    proof_of,
    takes,
)
from banshi.bundles.models import BundleMaterial, BundlePart, BundleSubmission, BundleVersion
from banshi.bundles.sealing import opened_answers
from banshi.calendar.queries import calendar_in_force
from banshi.cases.clocks import due_on
from banshi.cases.enums import ClockKind, PromiseKind
from banshi.cases.models import Case, CaseMaterial, Promise
from banshi.cases.queries import companies_of, has_bad_credit
from banshi.cases.steps import FROZEN, text_of
from banshi.catalog.models import Item, Publication
from banshi.catalog.queries import public_publications
from banshi.core.clock import day_of
from banshi.core.errors import Missing
from banshi.forms import FormField, visible
from banshi.forms.fields import Answers
from banshi.forms.standard import ApplyingAs
from banshi.people.enums import CitizenKind
from banshi.people.models import User

EARLIER_READ = 200
"""Of a person's papers, the newest."""


def bundles_in_force() -> QuerySet[BundleVersion]:
    return BundleVersion.objects.filter(until=None)


def bundle_named(code: str) -> BundleVersion:
    found = bundles_in_force().filter(code=code).first()
    if found is None:
        raise Missing("没有这个“一件事”", remedy="它可能已经停用，请到“一件事”的目录里看。")
    return found


def bundles_for(words: str, items: Sequence[Item]) -> list[BundleVersion]:
    """Find bundles by their name, else by items found for the same words, those with most of them first."""
    every = list(bundles_in_force())
    if named := [each for each in every if words in each.definition.name or each.definition.name in words]:
        return named
    codes = {each.base_code for each in items if each.base_code}
    near = {each.pk: len(codes & {part.item for part in each.definition.parts}) for each in every}
    return sorted((each for each in every if near[each.pk]), key=lambda each: near[each.pk], reverse=True)


FIELDS_OF_PUBLICATION = tuple(each.removeprefix("publication__") for each in FROZEN)


def candidates(codes: Sequence[str]) -> QuerySet[Publication]:
    """List what is in force of some reference codes, of the highest division first."""
    rows = public_publications().filter(
        until=None, item__base_code__in=codes, item__state="active", item__organ__active=True
    )
    return rows.defer(*FIELDS_OF_PUBLICATION).order_by(Length("item__organ__division_id"), "item_id")


def items_named(words: str) -> QuerySet[Publication]:
    """Find what is in force and coded by a part of its name."""
    rows = public_publications().filter(until=None, item__state="active", item__organ__active=True)
    return rows.filter(item__name__icontains=words).exclude(item__base_code="").order_by("item__name", "item_id")


def members_of(definition: BundleDefinition) -> list[BundleMember]:
    """Find the items of this place, one a part, in the order of the definition."""
    found: dict[str, Publication] = {}
    for each in candidates([part.item for part in definition.parts]):
        found.setdefault(each.item.base_code, each)
    return [
        BundleMember(part, found[part.item].item, found[part.item], text_of(found[part.item]))
        for part in definition.parts
        if part.item in found
    ]


def members_seen(definition: BundleDefinition, seen: Mapping[str, int]) -> list[BundleMember]:
    """Find the parts by the publications they were shown by, whether those are in force still or not."""
    found = Publication.objects.select_related("item__organ", "revision").in_bulk([*seen.values()])
    return [
        BundleMember(part, shown.item, shown, text_of(shown))
        for part in definition.parts
        if (shown := found.get(seen.get(part.key, 0)))
    ]


def party_for(definition: BundleDefinition, owner: User | None) -> ApplyingAs:
    """Return as what somebody applies for all parts: a company as a company, whatever the bundle is written for."""
    identity = getattr(owner, "identity", None)
    company = identity is not None and identity.kind != CitizenKind.PERSON
    return ApplyingAs.COMPANY if company else definition.party


class BundleReading:
    """A bundle as it is now for answers so far: what applies, what is asked, what is handed in."""

    def __init__(self, version: BundleVersion, answers: Answers | None = None, *, owner: User | None = None) -> None:
        self.version, self.answers, self.owner = version, answers or {}, owner
        self.definition = version.definition
        self.party = party_for(self.definition, owner)
        there = members_of(self.definition)
        self.all_members = [each for each in there if takes(each, self.party)]
        self.of_others = [each for each in there if not takes(each, self.party)]
        self.form = merged_form(self.definition, self.all_members, self.party)
        applies = applying(self.definition, self.answers)
        self.members = [each for each in self.all_members if each.key in applies]
        self.keys = {each.key for each in self.members}
        self.fields: tuple[FormField, ...] = asked_fields(self.definition, self.form, self.keys)

    @property
    def lacking(self) -> list[str]:
        """Name what belongs to it and the place has no item for."""
        there = {each.key for each in (*self.all_members, *self.of_others)}
        return [each.name for each in self.definition.parts if each.key not in there] + list(self.definition.lacking)

    @property
    def every_field(self) -> tuple[FormField, ...]:
        """List what may be asked, whatever the answers."""
        return asked_fields(self.definition, self.form, {each.key for each in self.all_members})

    @property
    def visible(self) -> list[FormField]:
        return visible(self.fields, self.answers)

    @property
    def materials(self) -> MergedMaterials:
        return merged_materials(self.members, self.party, self.owner.pk if self.owner else None)

    @property
    def seen(self) -> dict[str, int]:
        """Map each part to the publication it is read by."""
        return {each.key: each.publication.pk for each in self.all_members}

    def deadline(self, *, on: date, known: dict[str, date] | None = None) -> BundleDeadline:
        calendar = calendar_in_force()
        return bundle_deadline(self.definition, self.members, on=on, calendar=calendar, known=known)


# One's own


def handed_in(submission: BundleSubmission, asked: Sequence[MergedMaterial]) -> dict[str, BundleMaterial]:
    """List by proof what was handed in or committed to, without commitments that the guides or one's credit no longer allow."""
    found = {each.proof: each for each in submission.materials.filter(replaced_at=None).select_related("file")}
    committed = {proof for proof, each in found.items() if each.is_commitment}
    if committed and not has_bad_credit(submission.owner_id):
        committed -= {each.proof for each in asked if each.commitment_ok}
    return {proof: each for proof, each in found.items() if proof not in committed}


def submissions_of(user: User) -> QuerySet[BundleSubmission]:
    """List what one made for oneself or as an agent, of a company only while it names one (经办人)."""
    of_person = Q(agent=user, owner__identity__kind=CitizenKind.PERSON)
    named = Q(agent=user, owner__in=companies_of(user).values("company"))
    own = BundleSubmission.objects.filter(Q(owner=user) | of_person | named, discarded_at=None)
    return own.select_related("version", "owner__identity")


def number_of_bundle(text: str) -> int:
    """Read the key of a submission from its number as people type it, 0 from anything else."""
    typed = text.strip().upper()
    return int(typed[1:10]) if typed[:1] == "Y" and typed[1:].isascii() and typed[1:].isdecimal() else 0


def agent_of(submission: BundleSubmission) -> User | None:
    """Return who acts for the owner, none whom the company has withdrawn."""
    agent = submission.agent
    return agent if agent and submissions_of(agent).filter(pk=submission.pk).exists() else None


def earlier_papers(submission: BundleSubmission, asked: Sequence[MergedMaterial]) -> dict[str, list[CaseMaterial]]:
    """List by proof what the owner handed in before for papers that prove the same, the newest first."""
    wanted = {each.proof for each in asked}
    rows = CaseMaterial.objects.filter(application__owner=submission.owner_id, file__isnull=False)
    rows = rows.exclude(application__submitted_at=None).select_related("file", "application__publication__item")
    found: dict[str, list[CaseMaterial]] = {}
    files: set[tuple[str, str]] = set()
    for each in rows.order_by("-id")[:EARLIER_READ]:
        assert each.file is not None
        proof = proof_of(each.name)
        if proof in wanted and (proof, each.file.digest) not in files:
            files.add((proof, each.file.digest))
            found.setdefault(proof, []).append(each)
    return found


def bundle_drafts_of(user: User, *, at: datetime) -> QuerySet[BundleSubmission]:
    return submissions_of(user).filter(submitted_at=None, expires_at__gt=at)


def parts_of(submission: BundleSubmission) -> QuerySet[BundlePart]:
    related = ("item__organ", "publication__revision", "application__case__organ", "application__case__flow")
    outcome = "application__case__outcome__paper"
    return BundlePart.objects.filter(submission=submission).select_related(*related, outcome).order_by("position")


def cases_of(submission: BundleSubmission) -> QuerySet[Case]:
    """List the cases of a submission, in the order of its parts, for one record of hand-out."""
    rows = Case.objects.filter(application__bundle_part__submission=submission)
    return rows.select_related("item", "organ").order_by("application__bundle_part__position")


def waiting_parts(cases: Sequence[int]) -> QuerySet[BundlePart]:
    """List parts that wait in submissions some of these cases are parts of."""
    submissions = BundlePart.objects.filter(application__case__in=cases).values("submission")
    waiting = Q(opened_at=None, dropped_at=None, submission__in=submissions)
    return BundlePart.objects.filter(waiting).order_by("submission_id", "position")


def stranded_submissions() -> QuerySet[BundleSubmission]:
    """List submissions with a part that waits although the draft of another was given up or has expired."""
    parts = BundlePart.objects.filter(submission=OuterRef("pk"))
    waiting = parts.filter(opened_at=None, dropped_at=None)
    given_up = parts.filter(application__discarded_at__isnull=False)
    return BundleSubmission.objects.filter(Exists(waiting), Exists(given_up)).order_by("id")


def reading_of(submission: BundleSubmission) -> BundleReading:
    """Read a submission by what is in force, with its answers under the questions as they are merged now."""
    reading = BundleReading(submission.version, opened_answers(submission), owner=submission.owner)
    if submission.submitted_at is None and submission.seen != reading.seen:
        shown = members_seen(reading.definition, submission.seen)
        then = merged_form(reading.definition, shown, reading.party)
        before = {(key, own.key): each.field.key for each in then for key, own in each.asked_by}
        for each in reading.form:
            names = [before[key, own.key] for key, own in each.asked_by if (key, own.key) in before]
            given = next((name for name in names if name in reading.answers), None)
            if given and each.field.key not in reading.answers:
                reading.answers[each.field.key] = reading.answers[given]
    return reading


@dataclass(frozen=True, slots=True)
class LaterPaper:
    """A paper that may come later (容缺后补), offered or promised."""

    name: str
    until: date | None
    promised: bool


@dataclass(frozen=True, slots=True)
class PartProgress:
    """A part with its case, or what it waits for, or why it was never opened."""

    part: BundlePart
    case: Case | None
    waits_for: list[str]
    last: date | None
    later: list[LaterPaper]

    @property
    def offered(self) -> list[LaterPaper]:
        """List the papers that one may promise to bring, after which it is accepted."""
        waits = self.case is not None and self.case.state == "received"
        return [each for each in self.later if waits and not each.promised]

    @property
    def owed(self) -> list[LaterPaper]:
        """List the papers that were promised and have not come yet."""
        return [each for each in self.later if self.case and self.case.ended_at is None and each.promised]

    @property
    def refused(self) -> bool:
        outcome = getattr(self.case, "outcome", None)
        return outcome is not None and not outcome.granted

    @property
    def owes_draft(self) -> bool:
        """Tell whether its own application waits to be completed by the owner."""
        return self.part.application is not None and self.case is None and not self.part.given_up


@dataclass(frozen=True, slots=True)
class BundleProgress:
    parts: list[PartProgress]
    deadline: BundleDeadline

    @property
    def ended(self) -> int:
        return sum(each.case is not None and each.case.ended_at is not None for each in self.parts)

    @property
    def dropped(self) -> int:
        return sum(each.part.dropped_at is not None for each in self.parts)


def progress_of(submission: BundleSubmission, *, at: datetime) -> BundleProgress:
    """Tell how far each part has come, and until when the whole takes at most."""
    calendar, rows = calendar_in_force(), list(parts_of(submission))
    names = {each.key: each.item.name for each in rows}
    parts: list[PartProgress] = []
    known: dict[str, date] = {}
    later: dict[int, list[LaterPaper]] = defaultdict(list)
    for promise in Promise.objects.filter(
        application__bundle_part__submission=submission, kind=PromiseKind.DEFERRAL, ending=""
    ):
        until = calendar.day_of(promise.last_rank) if promise.last_rank else None
        later[promise.application_id].append(LaterPaper(promise.name, until, promise.agreed_at is not None))
    for each in rows:
        case = getattr(each.application, "case", None) if each.application else None
        last = due_on(case, calendar=calendar) if case else None
        if case and (day := case.decided_on or (case.ended_at and day_of(case.ended_at))):
            known[each.key] = day
        elif case and last and case.due_kind != ClockKind.ACCEPTANCE:
            known[each.key] = last
        waits_for = [names[key] for key in each.waits_for if key in names]
        parts.append(PartProgress(each, case, waits_for, last, later[each.application_id or 0]))
    definition = submission.version.definition
    members = [
        BundleMember(part, each.item, each.publication, text_of(each.publication))
        for each in rows
        if each.dropped_at is None and each.publication and (part := definition.part(each.key))
    ]
    begun = day_of(submission.submitted_at or at)
    deadline = bundle_deadline(definition, members, on=begun, calendar=calendar, known=known)
    return BundleProgress(parts, deadline)
