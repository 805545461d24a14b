"""The same form sent twice, or fifty times, at the same moment: it is gone once, the others are told. Nothing goes two steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.adjustments.town import brought_to, rewrite, started, town
from tests.at_once import at_once
from tests.factories import NOON, campaigns, registers
from tests.sites.workbench.test_desk import typed
from tests.sites.workbench.test_who_may_move import ON_THE_SITE

from banshi.adjustments.enums import AdjustmentKind, Cause
from banshi.campaigns.models import Review
from banshi.catalog.guide.document import Contact
from banshi.core.clock import stopped_at
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User
from banshi.registers.actions import examine_transfer, propose_upward
from banshi.sites.kit.permissions import ROLES
from banshi.workflow.definition import workflow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_disk_database", "moving_in")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOLD = {403, 404, 409, 422}
DAY = NOON.date().isoformat()


@dataclass(frozen=True, slots=True)
class Click:
    """A form as it is sent; `acts` are the ledger's names of what it does once. `subject` has a history of moves, if any."""

    who: User
    address: str
    sent: dict[str, Any]
    acts: tuple[str, ...] = ()
    subject: Any = None
    at: datetime = field(default=NOON)

    def counts(self) -> tuple[int, int]:
        acts = LedgerEntry.objects.filter(action__in=self.acts).count()
        return acts, self.subject.moves.count() if self.subject else 0


def of_adjustment(act: str, state: str, who: str, *, urgent: bool = False, **sent: Any) -> Callable[[], Click]:
    def click() -> Click:
        place = town()
        one = brought_to(state, place, **({"urgent": True} if urgent else {}))
        told = {"seen": one.text.digest, **sent} if one.text else sent
        return Click(getattr(place, who), reverse(f"workbench:adjustment-{act}", args=[one.pk]), told, subject=one)

    return click


def applying(**given: Any) -> Callable[[], Click]:
    def click() -> Click:
        place = town()
        minor = bool(given)
        one = started(place, AdjustmentKind.CHANGE, **({"cause": Cause.FACT, "evidence": None} if minor else {}))
        stamp = rewrite(one.item, place.clerk, **(given or {"undertaker": "南门窗口"}))
        return Click(place.clerk, reverse("workbench:adjustment-apply", args=[one.pk]), {"stamp": stamp}, subject=one)

    return click


def of_move(flow: str, name: str) -> Callable[[], Click]:
    """As `test_who_may_move` goes it, by somebody in a role that holds the permission."""

    def click() -> Click:
        begin, gone_by = ON_THE_SITE[flow, name]
        way, permission = gone_by(begin()), workflow(flow).move_named(name).permission
        role = next(code for code, role in ROLES.items() if permission in role.permissions)
        return Click(make.user(role, way.organ), way.address, way.sent, subject=way.subject, at=way.at)

    return click


def opinion() -> Click:
    unit = campaigns.opened()
    review = campaigns.reported(unit)[0].reviews.get(body__code="lead")
    review = Review.objects.select_related("entry__text", "body__organ").get(pk=review.pk)
    who, address = campaigns.reviewer_of(review.body), reverse("workbench:desk-give", args=[review.entry.guid])
    at = campaigns.during(unit.campaign, "review")
    return Click(who, address, typed(review), acts=("campaigns.give_review",), at=at)


def of_transfer(name: str, *, after_consent: bool = False, **sent: Any) -> Callable[[], Click]:
    def click() -> Click:
        one = registers.transfer()
        if after_consent:
            examine_transfer(one, agreed=True, opinion="同意", document="", by=make.TESTS, at=NOON)
        owner = make.user("clerk", one.item.organ)
        who = owner if name == "withdraw" else make.user("organizer", one.item.organ)
        return Click(who, reverse(f"workbench:transfer-{name}", args=[one.pk]), sent, subject=one)

    return click


def of_register(name: str, make_line: Callable[[Any], Any], act: str, **sent: Any) -> Callable[[], Click]:
    def click() -> Click:
        organ = make.organ()
        line = make_line(organ)
        address = reverse(f"workbench:{name}", args=[line.pk])
        return Click(make.user("organizer", organ), address, sent, acts=(act,))

    return click


def of_proposal(name: str, **sent: Any) -> Callable[[], Click]:
    def click() -> Click:
        it = make.item()
        one = propose_upward(it, name="常办的事", category=None, reason="常办", by=make.TESTS, at=NOON)
        who = make.user("clerk" if name == "proposal-withdraw" else "organizer", it.organ)
        given = {"name": one.name, "base_code": one.base_code, **sent}
        return Click(who, reverse(f"workbench:{name}", args=[one.pk]), given, subject=one)

    return click


def of_item(name: str, **sent: Any) -> Callable[[], Click]:
    def click() -> Click:
        it = make.publication().item
        who = make.user("publisher", it.organ)
        return Click(who, reverse(f"workbench:{name}", args=[it.guid]), sent, subject=it)

    return click


HANDED = {"receiver": "示例协会", "receiver_uscc": make.a_uscc(7), "document": "批复", "transferred_on": DAY}
IN_EVERY_RUN: dict[str, Callable[[], Click]] = {
    "adjustment-pass_on": of_adjustment("opinion", "examining", "examiner", verdict="agree", words="同意"),
    "adjustment-approve": of_adjustment("opinion", "second", "lawyer", verdict="agree", words="合法"),
    "review-opinion": opinion,
    "transfer-agree": of_transfer("examine", agreed="1", opinion="同意"),
    "entry-pass": of_move("entry", "pass"),
    "campaign-publish": of_move("campaign", "publish"),
}
MORE: dict[str, Callable[[], Click]] = {
    "adjustment-approve_at_once": of_adjustment(
        "opinion", "second", "lawyer", urgent=True, verdict="agree", words="合法"
    ),
    "adjustment-apply": applying(),
    "adjustment-correct": applying(consult=Contact(phone="0000-7654321")),
    "adjustment-recall": of_adjustment("recall", "examining", "clerk"),
    "adjustment-drop": of_adjustment("drop", "prepared", "clerk", words="不改了"),
    "adjustment-send_back": of_adjustment("opinion", "examining", "examiner", verdict="return", words="缺依据"),
    "adjustment-refuse": of_adjustment("opinion", "examining", "examiner", verdict="refuse", words="不合理"),
    "adjustment-publish": of_adjustment("publish", "approved", "publisher"),
    "adjustment-confirm": of_adjustment("opinion", "checking", "examiner", verdict="confirm", words=""),
    "adjustment-undo": of_adjustment("opinion", "checking", "examiner", verdict="undo", words="号码不对"),
    "transfer-refuse": of_transfer("examine", agreed="0", opinion="不同意"),
    "transfer-withdraw": of_transfer("withdraw", reason="再想想"),
    "transfer-hand_over": of_transfer("hand-over", after_consent=True, **HANDED),
    "transfer-take_back": of_transfer("take-back", after_consent=True, reason="收回"),
    "power-cancel": of_register(
        "power-cancel", registers.power, "registers.cancel_power", cancelled_on=DAY, document="取消文件"
    ),
    "service-end": of_register(
        "intermediary-end", registers.service, "registers.end_service", ended_on=DAY, ended_by="清理文件"
    ),
    "agency-strike": of_register(
        "agency-strike", registers.agency, "registers.strike_agency", left_on=DAY, left_why="注销"
    ),
    "proposal-accept": of_proposal("proposal", verdict="accept", answer="同意"),
    "proposal-decline": of_proposal("proposal", verdict="decline", answer="重复"),
    "proposal-withdraw": of_proposal("proposal-withdraw", reason="再想想"),
    "item-suspend": of_item("suspend", note="场地改造"),
    "item-cancel": of_item("cancel", note="法规废止"),
    **{f"{flow}-{name}": of_move(flow, name) for flow, name in ON_THE_SITE if f"{flow}-{name}" not in IN_EVERY_RUN},
}
CASES = [
    *IN_EVERY_RUN,
    *(pytest.param(name, marks=pytest.mark.nightly) for name in MORE),
]


@pytest.mark.parametrize("times", [2, pytest.param(50, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("name", CASES)
def test_what_is_sent_many_times_at_once_is_done_once(name: str, times: int) -> None:
    click = (IN_EVERY_RUN | MORE)[name]()
    before = click.counts()
    signed_in = Client()
    signed_in.force_login(click.who, backend=BACKEND)

    def send(_: int) -> int:
        client = Client()
        client.cookies = signed_in.cookies
        with stopped_at(click.at):
            return client.post(click.address, click.sent).status_code

    answers = at_once(send, times)
    assert sorted(answers)[0] == 302, answers
    assert answers.count(302) == 1 and set(answers) - {302} <= TOLD, answers
    acts, moves = (now - then for now, then in zip(click.counts(), before, strict=True))
    assert (acts, moves) == (bool(click.acts), bool(click.subject))


def test_every_move_of_every_workflow_is_sent_many_times() -> None:
    moves = {f"{code}-{step.name}" for code in ("adjustment", "transfer", "proposal") for step in workflow(code).moves}
    assert moves - {*IN_EVERY_RUN, *MORE} == set()
