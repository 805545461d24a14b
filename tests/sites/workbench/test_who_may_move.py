"""State × move × role, from the workflow files: who holds the permission a move names may go it on the site, nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns
from tests.work import sample

from banshi.campaigns import actions
from banshi.campaigns.models import Campaign, Comment, Entry, Participation
from banshi.core.clock import stopped_at
from banshi.people.models import Organ
from banshi.sites.kit.permissions import ROLES
from banshi.workflow.definition import workflow

pytestmark = pytest.mark.django_db
FLOWS = ("entry", "campaign")


@dataclass(frozen=True, slots=True)
class Way:
    """How a move is gone on the site: by whom (an organ's people), when, what is sent where, what has moved then."""

    organ: Organ
    at: datetime
    address: str
    sent: dict[str, Any]
    subject: Entry | Campaign


# Where each move begins


def preparing() -> Participation:
    return campaigns.unit(campaigns.campaign())


def reported() -> Participation:
    unit = campaigns.opened()
    campaigns.reported(unit)
    return unit


def judged() -> Participation:
    unit = reported()
    campaigns.judged(unit.entries.get())
    return unit


def disputed() -> Participation:
    unit = judged()
    campaigns.summed_up(unit.entries.get(), "dispute", question="是否保留")
    return unit


def judged_first_of_two() -> Participation:
    """Where the whole is reported again whatever is said of it."""
    unit = campaigns.opened("two-reports")
    campaigns.judged(campaigns.reported(unit)[0])
    return unit


def commented() -> Participation:
    """Passed, shown to the public, and somebody has said something about it."""
    unit = campaigns.opened("public-after-review")
    campaigns.agreed(unit)
    consultation, at = campaigns.showing(unit.campaign), campaigns.during(unit.campaign, "public")
    actions.comment_on(consultation, text="材料能不能少一份？", entry=unit.entries.get(), by=TESTS, at=at)
    return unit


def agreed() -> Participation:
    unit = campaigns.opened()
    campaigns.agreed(unit)
    return unit


def decided() -> Participation:
    unit = agreed()
    campaigns.decided(unit.campaign)
    return unit


def arranged() -> Participation:
    unit = decided()
    at = campaigns.during(unit.campaign, "publish")
    actions.arrange_publication(unit.campaign, on=at.date(), by=TESTS, at=at)
    return unit


# How it is gone


def of_unit(name: str, kind: str, **sent: Any) -> Callable[[Participation], Way]:
    def way(unit: Participation) -> Way:
        at = campaigns.during(unit.campaign, kind)
        return Way(unit.organ, at, reverse(f"workbench:{name}", args=[unit.pk]), sent, unit.entries.get())

    return way


def of_lead(**sent: Any) -> Callable[[Participation], Way]:
    def way(unit: Participation) -> Way:
        entry = unit.entries.get()
        organ, at = campaigns.lead_of(entry).organ, campaigns.during(unit.campaign, "review")
        assert organ
        assert entry.text
        what = {"disposition": "keep", "digest": entry.text.digest, **sent}
        return Way(organ, at, reverse("workbench:desk-conclude", args=[entry.guid]), what, entry)

    return way


def of_organizer(name: str, kind: str, *, moves: str = "entry", **sent: Any) -> Callable[[Participation], Way]:
    def way(unit: Participation) -> Way:
        campaign, entry = unit.campaign, unit.entries.get()
        at = campaigns.during(campaign, kind) if kind else NOON
        dispute = entry.disputes.first()
        more = [dispute.pk] if name == "dispute-settle" and dispute else []
        what = {key.format(entry=entry.pk): value if value != "DAY" else at.date() for key, value in sent.items()}
        subject = entry if moves == "entry" else campaign
        return Way(campaign.organ, at, reverse(f"workbench:{name}", args=[campaign.guid, *more]), what, subject)

    return way


def taking_up(unit: Participation) -> Way:
    campaign, comment = unit.campaign, Comment.objects.get(consultation__campaign=unit.campaign)
    address = reverse("workbench:comment-answer", args=[campaign.guid, comment.pk])
    what = {"show": "1", "answer": "减到一份", "accepted": "1"}
    return Way(campaign.organ, campaigns.during(campaign, "public"), address, what, unit.entries.get())


def leaving(unit: Participation) -> Way:
    entry = unit.entries.get()
    address = reverse("workbench:campaign-leave", args=[unit.campaign.guid])
    return Way(unit.campaign.organ, NOON, f"{address}?entry={entry.guid}", {"reason": "不在这次范围"}, entry)


def left() -> Participation:
    unit = campaigns.opened()
    actions.leave_entries(list(unit.entries.all()), reason="不在这次范围", by=TESTS, at=NOON)
    return unit


def coming_back(unit: Participation) -> Way:
    entry = unit.entries.get()
    address = reverse("workbench:campaign-rejoin", args=[unit.campaign.guid])
    return Way(unit.campaign.organ, NOON, f"{address}?entry={entry.guid}", {"reason": "职责没有划转"}, entry)


ADMITTED = {"e{entry}-disposition": "keep", "e{entry}-admitted": "1", "e{entry}-note": ""}
REFUSED = {**ADMITTED, "e{entry}-admitted": "0", "e{entry}-note": "依据不足"}
MEETING = {"meeting": "常务会议", "held_on": "DAY"}
SETTLED = {"minutes": "会议纪要", "held_on": "DAY"}
Begin = Callable[[], Participation]
ON_THE_SITE: dict[tuple[str, str], tuple[Begin, Callable[[Participation], Way]]] = {
    ("entry", "report"): (campaigns.opened, of_unit("report-sign", "report")),
    ("entry", "recall"): (reported, of_unit("report-recall", "report", reason="写错了")),
    ("entry", "pass"): (judged, of_lead(conclusion="pass")),
    ("entry", "pass-on"): (judged_first_of_two, of_lead(conclusion="pass")),
    ("entry", "reopen"): (commented, taking_up),
    ("entry", "return"): (judged, of_lead(conclusion="return", asks="压缩期限")),
    ("entry", "dispute"): (judged, of_lead(conclusion="dispute", question="是否保留")),
    ("entry", "settle-as-unit"): (disputed, of_organizer("dispute-settle", "decide", outcome="as_unit", **SETTLED)),
    ("entry", "settle-as-body"): (disputed, of_organizer("dispute-settle", "decide", outcome="as_body", **SETTLED)),
    ("entry", "settle-otherwise"): (
        disputed,
        of_organizer("dispute-settle", "decide", outcome="otherwise", disposition="keep", **SETTLED),
    ),
    ("entry", "decide"): (agreed, of_organizer("campaign-decide", "decide", **MEETING, **ADMITTED)),
    ("entry", "refuse"): (agreed, of_organizer("campaign-decide", "decide", **MEETING, **REFUSED)),
    ("entry", "leave"): (campaigns.opened, leaving),
    ("entry", "rejoin"): (left, coming_back),
    ("campaign", "open"): (preparing, of_organizer("campaign-open", "", moves="campaign")),
    ("campaign", "stop"): (campaigns.opened, of_organizer("campaign-stop", "", moves="campaign", reason="暂缓")),
    ("campaign", "publish"): (decided, of_organizer("campaign-publish", "publish", moves="campaign", on="DAY")),
    ("campaign", "recall"): (arranged, of_organizer("campaign-publish-recall", "publish", moves="campaign")),
}
BY_THE_ARRANGED_PUBLICATION = {("entry", "publish"), ("entry", "end"), ("campaign", "finish")}
"""Gone by the software on the day that `campaign.publish` arranged, with that permission."""


def test_every_move_of_the_files_is_gone_on_the_site() -> None:
    moves = {(flow, move.name) for flow in FLOWS for move in workflow(flow).moves}
    assert moves == {*ON_THE_SITE, *BY_THE_ARRANGED_PUBLICATION}


def test_what_the_arranged_publication_does_takes_the_permission_of_arranging_it() -> None:
    arranging = workflow("campaign").move_named("publish").permission
    for flow, name in BY_THE_ARRANGED_PUBLICATION:
        assert workflow(flow).move_named(name).permission == arranging


@pytest.mark.parametrize(("flow", "name"), ON_THE_SITE, ids=[f"{flow}-{name}" for flow, name in ON_THE_SITE])
def test_who_holds_the_permission_of_a_move_goes_it_and_nobody_else(flow: str, name: str) -> None:
    """Each day a third of the roles without it, nightly each."""
    begin, gone_by = ON_THE_SITE[flow, name]
    move, way = workflow(flow).move_named(name), gone_by(begin())
    way.subject.refresh_from_db()
    before = way.subject.state
    assert before in move.sources
    holders = [code for code, role in ROLES.items() if move.permission in role.permissions]
    for code in [*holders, *sample([code for code in ROLES if code not in holders], 3)]:
        allowed = code in holders
        status, after = tried(way, code)
        assert after == (move.to if allowed else before), code
        assert status == 302 if allowed else status in (403, 404), code


def tried(way: Way, role: str) -> tuple[int, str]:
    """What somebody in that role is answered, and the state then; afterwards all is as it was."""
    client = Client()
    with transaction.atomic():
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        client.force_login(make.user(role, way.organ), backend=backend)
        with stopped_at(way.at):
            status = client.post(way.address, way.sent).status_code
        way.subject.refresh_from_db()
        transaction.set_rollback(True)
    return status, way.subject.state
