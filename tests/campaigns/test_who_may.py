"""The definition says who may report, recall and decide; the actions ask nothing beside it."""

from copy import deepcopy

import pytest

from banshi.campaigns import actions
from banshi.campaigns.actions import Ruling
from banshi.campaigns.models import Entry
from banshi.core.errors import Refused
from banshi.people.models import User
from banshi.workflow import versions
from banshi.workflow.definition import digest_of, workflow
from banshi.workflow.models import FlowDefinition
from tests import factories as make
from tests.factories import campaigns

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_to(monkeypatch):
    """Let every entry go by a definition that gives some moves to another permission."""
    monkeypatch.setattr(versions, "_read", dict(versions._read))

    def give(permission: str, *moves: str) -> None:
        content = deepcopy(workflow("entry").content)
        for each in content["moves"]:
            if each["name"] in moves:
                each["permission"] = permission
        row = FlowDefinition.objects.create(digest=digest_of(content), code="entry", content=content)
        Entry.objects.update(flow=row)

    return give


def organizer_of(unit) -> User:
    return make.user("organizer", unit.campaign.organ)


def test_the_head_signs_and_recalls(given_to):
    unit = campaigns.opened()
    head, organizer = campaigns.head_of(unit.organ), organizer_of(unit)
    at = campaigns.during(unit.campaign, "report", 1, unit.batch)
    with pytest.raises(Refused, match="审签"):
        actions.sign_report(unit, by=organizer, at=at)
    report = actions.sign_report(unit, by=head, at=at)
    with pytest.raises(Refused, match="审签"):
        actions.recall_report(report, reason="写错了", by=organizer, at=at)


def test_a_definition_that_gives_it_to_the_organizer_takes_it_from_the_head(given_to):
    unit = campaigns.opened()
    head, organizer = campaigns.head_of(unit.organ), organizer_of(unit)
    at = campaigns.during(unit.campaign, "report", 1, unit.batch)
    given_to("campaign.manage", "report", "recall")
    with pytest.raises(Refused, match="组织清理规范工作"):
        actions.sign_report(unit, by=head, at=at)
    report = actions.sign_report(unit, by=organizer, at=at)
    with pytest.raises(Refused, match="组织清理规范工作"):
        actions.recall_report(report, reason="写错了", by=head, at=at)
    actions.recall_report(report, reason="写错了", by=organizer, at=at)


def test_each_ruling_asks_for_its_own_move(given_to):
    unit = campaigns.opened(items=2)
    campaigns.agreed(unit)
    organizer, at = organizer_of(unit), campaigns.during(unit.campaign, "decide")
    admitted, refused = unit.entries.order_by("id")
    rulings = {admitted.pk: Ruling("keep"), refused.pk: Ruling("keep", admitted=False, note="没有依据")}
    given_to("report.sign", "refuse")
    told = {"meeting": "常务会议", "held_on": at.date(), "by": organizer, "at": at}
    for decide in (actions.record_decision, actions.decide_agreed):
        with pytest.raises(Refused, match="审签"):
            decide(unit.campaign, rulings, **told)
    assert not unit.campaign.decisions.exists()
    actions.record_decision(unit.campaign, {admitted.pk: Ruling("keep")}, **told)
