"""Another organ's things, each marked with a word that stands nowhere else: where it is read, something leaked."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from banshi.adjustments.actions import AdjustmentCause, start_adjustment
from banshi.adjustments.enums import AdjustmentKind, Cause
from banshi.adjustments.models import Adjustment
from banshi.bundles.actions import submit_bundle
from banshi.bundles.models import BundleSubmission, BundleVersion
from banshi.campaigns import actions
from banshi.campaigns.models import Campaign, Entry, Invitation, Order, Participation, Report, ReviewBody, ReviewGroup
from banshi.cases.actions import attach_material, save_answers, start_application, submit
from banshi.cases.models import Application, Case
from banshi.cases.sealing import seal
from banshi.catalog.actions import discard_draft, save_draft, start_draft, withdraw
from banshi.catalog.guide.document import Faq, Material, Step
from banshi.catalog.models import Category, Item, LifeEvent, Notice, Publication, ReferenceItem
from banshi.clients.actions import register_system
from banshi.clients.models import Client
from banshi.connectors.actions import add_outlet
from banshi.core.models import StoredFile
from banshi.exchange.models import (
    Anomaly,
    CallSearch,
    Correction,
    DataBatch,
    DataRequest,
    Demand,
    Resource,
)
from banshi.feedback.actions import file_complaint, invite_to_rate, make_wish, rate
from banshi.feedback.models import BadRating, Complaint, Wish
from banshi.files import keep
from banshi.handout.models import HandOut
from banshi.jobs.tasks import clear_away
from banshi.law.actions import record_change
from banshi.law.models import Law, LawChange
from banshi.outbox.models import Message
from banshi.papers.models import Paper
from banshi.people.enums import CitizenKind
from banshi.people.models import Delegation, Identity, Organ, User
from banshi.reception.actions import begin_reception, give_mandate
from banshi.reception.actions.visits import VISIT
from banshi.reception.models import BundleReception, HomeVisit, Mandate, Reception
from banshi.registers.actions import claim, keep_own, propose_upward
from banshi.registers.models import Claim, Offer, Power, Proposal, Purchase, Transfer
from banshi.rulebook.actions import LegalBasis, examine_items, keep_proof, object_to_proof, write_commitment
from banshi.rulebook.models import CommitmentForm, Examination, FlawFound, Objection
from banshi.spreadsheets.models import ImportBatch
from banshi.supervision.models import Inspection, Irregularity
from tests import factories as make
from tests.cases.hall import ANSWERS
from tests.factories import bundles, campaigns, exchange, supervision
from tests.factories import registers as lines
from tests.window.hall import Town, town

ITEM, FILE, PERSON, CITIZEN, FRAGMENT = (
    "ZqxunseenItem",
    "ZqxunseenFile",
    "ZqxunseenPerson",
    "ZqxunseenCitizen",
    "Zqxuns",
)
SECRET = "ZqxunseenSecret"
"""`SECRET` nobody is shown, whoever they are. `FRAGMENT` is searched for: a page may repeat the question, never the rest of the word."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """`public` is in force, with an unseen draft on top; `draft` was never published, `wrong` only in error."""

    organ: Organ
    colleague: User
    public: Item
    draft: Item
    wrong: Item
    file: StoredFile
    batch: ImportBatch
    notice: Notice
    reference: ReferenceItem
    category: Category
    event: LifeEvent
    delegation: Delegation
    citizen: User
    flaw: FlawFound
    run: Examination
    objection: Objection
    commitment: CommitmentForm
    unit: Participation
    entry: Entry
    report: Report
    order: Order
    message: Message
    proposal: Proposal
    power: Power
    transfer: Transfer
    offer: Offer
    purchase: Purchase
    claim: Claim
    adjustment: Adjustment
    change: LawChange
    group: ReviewGroup
    invitation: Invitation
    client: Client
    case: Case
    application: Application
    reception: Reception
    bundle_reception: BundleReception
    mandate: Mandate
    visit: HomeVisit
    hand_out: HandOut
    window: Town
    bundle: BundleVersion
    unsent: BundleSubmission
    sent: BundleSubmission
    resource: Resource
    unpublished: Resource
    request: DataRequest
    correction: Correction
    demand: Demand
    data_batch: DataBatch
    anomaly: Anomaly
    call_search: CallSearch

    @property
    def unprintable(self) -> Paper:
        """Return a paper of theirs whose printing failed."""
        return Paper.objects.filter(organ=self.organ).exclude(print_error="")[0]

    @property
    def inspection(self) -> Inspection:
        return Inspection.objects.filter(case=self.case).first() or supervision.inspected(self.case, self.colleague)

    @property
    def irregularity(self) -> Irregularity:
        return Irregularity.objects.filter(case=self.case).first() or supervision.found(self.case)

    @property
    def bad_rating(self) -> BadRating:
        """Return a bad rating of theirs, whose words and rater are not to be seen."""
        if found := BadRating.objects.filter(organ=self.organ).first():
            return found
        given = {"label": ITEM, "organ": self.organ, "citizen": self.citizen}
        invitation = invite_to_rate(self.public, by=make.TESTS, at=make.NOON, **given)
        rate(invitation, grade=5, words=SECRET, named=True, by=self.citizen, at=make.NOON)
        return invitation.rating.handling

    @property
    def complaint(self) -> Complaint:
        if found := Complaint.objects.filter(organ=self.organ).first():
            return found
        return file_complaint("complaint", text=f"{ITEM}办得太慢", organ=self.organ, by=self.citizen, at=make.NOON)

    @property
    def wish(self) -> Wish:
        """Return a wish that nobody has looked at yet."""
        if found := Wish.objects.filter(organ=self.organ).first():
            return found
        return make_wish(title=f"希望有{ITEM}", organ=self.organ, by=self.citizen, at=make.NOON)


def foreign() -> Foreign:
    """All of it, in a county of another city than `make.division()`."""
    organ = make.organ("外县局", division=make.division("980101", "外县"))
    colleague = make.user("clerk", organ, full_name=PERSON, phone="19800000000")
    colleague.posts.update(title=PERSON)
    make.post(colleague, "publisher", organ)
    public = _with_draft(make.publication(of=make.item(organ, make.guide("外县公开的事项"))).item, colleague)
    file = keep(
        io.BytesIO(f"事项名称\n{FILE}\n".encode()),
        name=f"{FILE}.csv",
        purpose="import",
        organ=organ,
        by=colleague,
        at=make.NOON,
    )
    event = LifeEvent.objects.create(code="abroad", name="外县大事", audience="person")
    event.items.add(public)
    draft = make.item(organ, _secret(), code=ITEM, source=ITEM)
    examine_items([draft], by=colleague, at=make.NOON)
    entry = _under_review(organ)
    case, reception = _case(public), _reception(public)
    Paper.objects.filter(organ=organ, file=None).update(print_error=ITEM)
    bundle, [unsent, sent] = _bundle(organ)
    resource = exchange.resource(make.organ("外县数据局", division=organ.division), "WX-1", "外县公开的数据")
    request = exchange.request(resource, organ, ITEM)
    return Foreign(
        organ=organ,
        colleague=colleague,
        public=public,
        draft=draft,
        wrong=_published_in_error(organ),
        file=file,
        batch=_batch(file, organ, colleague),
        notice=Notice.objects.create(title="外县公告", body="正文", organ=organ, published_at=make.NOON),
        reference=make.reference(),
        category=make.category(),
        event=event,
        delegation=_delegation(colleague),
        citizen=citizen(CITIZEN),
        flaw=FlawFound.objects.filter(item=draft)[0],
        run=Examination.objects.create(
            scope=ITEM, organs=[organ.pk], rulebook="", by=PERSON, task=_task(), started_at=make.NOON
        ),
        objection=_objection(draft),
        commitment=_commitment(draft),
        unit=entry.participation,
        entry=entry,
        report=entry.participation.reports.get(),
        order=_order(entry.participation),
        message=_message(public),
        proposal=_proposal(draft),
        power=lines.power(organ, ITEM, basis=ITEM, duty=ITEM, liability=ITEM),
        transfer=lines.transfer(draft, ITEM, reason=ITEM),
        offer=lines.offer(lines.agency(organ, "外县公开的机构"), lines.service(organ, "外县公开的服务", item=draft)),
        purchase=lines.purchase(draft, ITEM),
        claim=_claim(public),
        adjustment=_adjustment(draft, colleague),
        change=_change_of_law(),
        group=_group(campaigns.lead_of(entry)),
        invitation=_invitation(campaigns.lead_of(entry)),
        client=_client(organ),
        case=case,
        application=_application(public),
        reception=reception,
        bundle_reception=BundleReception.objects.create(
            submission=unsent,
            person=unsent.owner,
            organ=organ,
            clerk=make.user("window", organ, full_name=PERSON),
            began_at=make.NOON,
        ),
        mandate=_mandate(reception.person, organ),
        visit=HomeVisit.objects.create(
            person=reception.person,
            item=public,
            organ=organ,
            content_sealed=seal({"address": CITIZEN, "phone": CITIZEN, "note": CITIZEN}, purpose=VISIT),
            wanted_on=make.NOON.date(),
            half="morning",
            ordered_at=make.NOON,
        ),
        hand_out=HandOut.objects.create(case=case, organ=organ, place=ITEM, shelved_at=make.NOON),
        window=town(organ, "abroad"),
        bundle=bundle,
        unsent=unsent,
        sent=sent,
        resource=resource,
        unpublished=exchange.draft_resource(organ, "WX-2", ITEM),
        request=request,
        correction=exchange.correction(request, case, clerk=colleague, words=SECRET),
        demand=exchange.demand(organ, ITEM),
        data_batch=exchange.batch(request, ITEM),
        anomaly=(anomaly := exchange.anomaly(organ, colleague, ITEM)),
        call_search=exchange.call_search(anomaly, ITEM),
    )


def _bundle(organ: Organ) -> tuple[BundleVersion, list[BundleSubmission]]:
    """One draft, and one handed in, of one person."""
    person = citizen(CITIZEN, "990100198808080025")
    answers = {**ANSWERS, "applicant_name": CITIZEN, "applicant_number": "990100198808080025"}
    version = bundles.bundle(organ, "abroad")
    unsent, sent = (bundles.filled(version, answers, by=person, named=FILE) for _ in range(2))
    return version, [unsent, submit_bundle(sent, key=sent.key, by=person, at=make.NOON)]


def _case(item: Item) -> Case:
    application = _application(item, ANSWERS["applicant_number"])
    return submit(application, key=application.key, by=application.owner, at=make.NOON)


def _application(item: Item, number: str = "") -> Application:
    """A draft with everything in it, of a citizen."""
    person = citizen(CITIZEN, number)
    application = start_application(item, by=person, at=make.NOON)
    for position in range(len(application.publication.revision.guide.materials)):
        attach_material(application, position, None, source=PERSON, by=person, at=make.NOON)
    return save_answers(application, {**ANSWERS, "applicant_name": CITIZEN}, by=person, at=make.NOON)


def _reception(item: Item) -> Reception:
    clerk = make.user("window", item.organ, full_name=PERSON)
    person = citizen(CITIZEN)
    person.full_name = CITIZEN
    person.save()
    return begin_reception(item, person=person, by=clerk, at=make.NOON)


def _mandate(person: User, organ: Organ) -> Mandate:
    agent, day = make.user("agent", organ, full_name=PERSON), make.NOON.date()
    paper = keep(io.BytesIO(b"x\n"), name=f"{FILE}.txt", purpose="mandate", by=agent, at=make.NOON)
    return give_mandate(person, matters=ITEM, until=day, paper=paper, by=agent, at=make.NOON)


def _client(organ: Organ) -> Client:
    return register_system(organ, name=PERSON, permissions=["item.view"], by=make.TESTS, at=make.NOON)[0]


def _group(body: ReviewBody) -> ReviewGroup:
    members = [campaigns.reviewer_of(body)]
    return actions.form_group(body, label=PERSON, members=members, by=make.TESTS, at=make.NOON)


def _invitation(body: ReviewBody) -> Invitation:
    index, until = Invitation.index_of(ITEM), date(2099, 1, 1)
    return Invitation.objects.create(body=body, name=PERSON, office=PERSON, token_index=index, until=until)


def _order(unit: Participation) -> Order:
    return actions.order_rectification(unit, text=ITEM, due=make.NOON.date(), by=make.TESTS, at=make.NOON)


def _under_review(organ: Organ) -> Entry:
    """In a campaign of their own: reported, one opinion given."""
    campaign = campaigns.campaign(division=organ.division)
    Campaign.objects.filter(pk=campaign.pk).update(name=ITEM)
    reviewed = make.item(organ, _secret())
    [unit] = actions.invite_units(campaign, organs=[organ], by=make.TESTS, at=make.NOON)
    unit.entries.exclude(item=reviewed).delete()
    actions.name_contacts(unit, leader=PERSON, section=ITEM, clerk=PERSON, by=make.TESTS, at=make.NOON)
    actions.write_summary(unit, progress=ITEM, problems=ITEM, suggestions=ITEM, by=make.TESTS, at=make.NOON)
    actions.open_campaign(campaign, by=make.TESTS, at=make.NOON)
    entry = campaigns.reported(unit)[0]
    campaigns.give(entry.reviews.all()[0], "change")
    entry.refresh_from_db()
    return entry


def _message(item: Item) -> Message:
    """Refused by an outlet that nobody answers for."""
    place = {"address": "http://127.0.0.1:9/", "app": ITEM}
    given: dict[str, Any] = {"kind": "upper_platform", "name": ITEM, "place": place, "secrets": {"secret": SECRET}}
    outlet = add_outlet(**given, by=make.TESTS, at=make.NOON)
    change = item.changes.all()[0]
    refused: dict[str, Any] = {"state": "failed", "last_error": ITEM, "created_at": make.NOON, "settled_at": make.NOON}
    about: dict[str, Any] = {"key": change.guid, "group": item.pk, "position": change.pk, "title": ITEM}
    return Message.objects.create(queue=outlet, **about, **refused)


def _adjustment(item: Item, by: User) -> Adjustment:
    """Asked for, with a file; of an item the public does not know."""
    paper = keep(
        io.BytesIO(f"依据\n{FILE}\n".encode()),
        name=f"{FILE}.csv",
        purpose="adjustment",
        organ=item.organ,
        by=by,
        at=make.NOON,
    )
    facts = AdjustmentCause(Cause.OTHER, make.NOON.date(), ITEM, paper)
    return start_adjustment(item, kind=AdjustmentKind.ADD, facts=facts, by=by, at=make.NOON)


def _change_of_law() -> LawChange:
    """What a law says is everybody's; which unseen item rests on it is not."""
    law = Law.objects.create(title="外县办法", rank=Law.Rank.DOCUMENT)
    return record_change(law, kind=LawChange.ChangeKind.REPEALED, day=make.NOON.date(), by=make.TESTS, at=make.NOON)


def _task() -> str:
    return str(clear_away.enqueue(at=make.NOON.isoformat()).id)


def _objection(item: Item) -> Objection:
    """On a proof of an item the public does not know."""
    texts: dict[str, Any] = {"name": ITEM, "issuer": ITEM, "basis": LegalBasis(ITEM, "第一条")}
    return object_to_proof(
        keep_proof(item, **texts, by=make.TESTS, at=make.NOON), text=ITEM, by=make.TESTS, at=make.NOON
    )


def _proposal(item: Item) -> Proposal:
    return propose_upward(item, name=ITEM, category=None, reason=ITEM, by=make.TESTS, at=make.NOON)


def _claim(item: Item) -> Claim:
    """Of a reference item all may read; what the office here kept of its own, and why, is not for all."""
    reference = make.reference()
    edition = lines.edition(reference, summary="统一的说明")
    claim(item, reference=reference, by=make.TESTS, at=make.NOON)
    keep_own(item, element="summary", edition=edition, reason=ITEM, by=make.TESTS, at=make.NOON)
    return Claim.objects.get(item=item)


def _commitment(item: Item) -> CommitmentForm:
    words = ("content", "way", "liability", "verification", "check_method", "check_by")
    parts: dict[str, Any] = {**dict.fromkeys(words, ITEM), "check_share": 10, "check_days": 10}
    basis = LegalBasis(ITEM, "第一条")
    return write_commitment(item, material=ITEM, basis=basis, **parts, by=make.TESTS, at=make.NOON)


def citizen(name: str, number: str = "") -> User:
    who = make.user()
    sealed: dict[str, Any] = Identity.seal(name=name, number=number or f"{name}{who.pk}", phone=name)
    Identity.objects.create(user=who, kind=CitizenKind.PERSON, **sealed)
    return who


def _secret() -> Any:
    return make.guide(
        ITEM,
        summary=ITEM,
        undertaker=ITEM,
        materials=[Material(name=ITEM)],
        steps=[Step(name=ITEM)],
        faqs=[Faq(question=ITEM, answer=ITEM)],
    )


def _with_draft(item: Item, by: User) -> Item:
    discarded = start_draft(item, by=by, at=make.NOON, guide=_secret())
    discard_draft(discarded, by=by, at=make.NOON)
    opened = start_draft(item, by=by, at=make.NOON)
    save_draft(opened, guide=_secret(), stamp=opened.stamp, by=by, at=make.NOON)
    return item


def _published_in_error(organ: Organ) -> Item:
    published = make.publication(of=make.item(organ, _secret()))
    withdraw(published, ending=Publication.Ending.IN_ERROR, note="公布有误", by=make.TESTS, at=make.NOON)
    return published.item


def _batch(file: StoredFile, organ: Organ, by: User) -> ImportBatch:
    return ImportBatch.objects.create(
        file=file, division=organ.division, created_by=by, created_at=make.NOON, counts={"note": ITEM}
    )


def _delegation(of: User) -> Delegation:
    today = date(2026, 1, 1)
    return Delegation.objects.create(
        post=of.posts.all()[0], to=make.user(), since=today, until=today + timedelta(days=2000), reason=PERSON
    )
