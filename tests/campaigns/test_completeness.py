"""What lacks something 公布前必须有 passes no step of a campaign, one by one or in bulk, unless it is to be ended."""

from collections.abc import Callable

import pytest

from banshi.access import CommandLine
from banshi.campaigns import actions
from banshi.campaigns.enums import Conclusion, Disposition, Outcome, Verdict
from banshi.campaigns.models import Entry, Participation
from banshi.catalog.actions import publish, publish_many, resume_item, save_draft, suspend_item
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Publication, Revision
from banshi.core.errors import BadInput
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db
LACKING = "缺.*公布前必须有"


def drafted_without_places(unit: Participation) -> None:
    item = unit.entries.get().item
    draft = make.draft(item)
    save_draft(draft, guide=make.guide(item.name, places=[]), stamp=draft.stamp, by=TESTS, at=NOON)


def emptied(entry: Entry) -> Entry:
    """The text as an older version of the software let it come so far."""
    assert entry.text
    content = {name: value for name, value in entry.text.content.items() if name != "places"}
    Revision.objects.filter(pk=entry.text_id).update(content=content)
    return Entry.objects.select_related("text", "item").get(pk=entry.pk)


def test_nobody_signs_for_it_and_what_is_missing_is_named() -> None:
    unit = campaigns.opened()
    drafted_without_places(unit)
    with pytest.raises(BadInput, match=LACKING) as told:
        campaigns.reported(unit)
    assert [(each.field, each.message) for each in told.value.problems] == [("places", "请填写“办理地点”")]
    assert not unit.reports.exists()


@pytest.mark.parametrize("disposition", [Disposition.CANCEL, Disposition.MERGE])
def test_what_is_to_be_ended_needs_no_guide(disposition: str) -> None:
    unit = campaigns.opened()
    drafted_without_places(unit)
    unit.entries.update(disposition=disposition)
    assert campaigns.reported(unit)


def in_bulk(entry: Entry) -> None:
    review = entry.reviews.select_related("body").order_by("id")[0]
    at = campaigns.during(entry.campaign, "review", 1, entry.batch)
    assert entry.text
    actions.agree_to_many([(review, entry.text.digest)], by=campaigns.reviewer_of(review.body), at=at)


@pytest.mark.parametrize("agree", [campaigns.judged, in_bulk])
def test_nobody_agrees_to_it(agree: Callable[[Entry], object]) -> None:
    entry = emptied(campaigns.reported(campaigns.opened())[0])
    with pytest.raises(BadInput, match=LACKING):
        agree(entry)
    assert not entry.reviews.exclude(verdict="").exists()


def one_by_one(entry: Entry) -> None:
    campaigns.summed_up(entry)


def many(entry: Entry) -> None:
    at = campaigns.during(entry.campaign, "review", 1, entry.batch)
    assert entry.text
    actions.pass_many([(entry, entry.text.digest)], body=campaigns.lead_of(entry), by=TESTS, at=at)


@pytest.mark.parametrize("conclude", [one_by_one, many])
def test_it_is_not_summed_up_as_passed(conclude: Callable[[Entry], None]) -> None:
    entry = emptied(campaigns.judged(campaigns.reported(campaigns.opened())[0]))
    with pytest.raises(BadInput, match=LACKING):
        conclude(entry)
    entry.refresh_from_db()
    assert entry.state == "reviewing"


def test_it_is_given_back() -> None:
    entry = emptied(campaigns.judged(campaigns.reported(campaigns.opened())[0]))
    assert campaigns.summed_up(entry, "return", "请补上办理地点").state == "returned"


def disputed() -> Entry:
    [entry] = campaigns.reported(campaigns.opened())
    return emptied(
        campaigns.summed_up(campaigns.judged(entry, Verdict.OPPOSE), Conclusion.DISPUTE, question="是否保留")
    )


def settled(entry: Entry, outcome: str, disposition: str = "") -> str:
    actions.settle_dispute(
        entry.disputes.get(),
        outcome=outcome,
        disposition=disposition,
        minutes="会议研究",
        held_on=NOON.date(),
        by=TESTS,
        at=NOON,
    )
    entry.refresh_from_db()
    return entry.state


@pytest.mark.parametrize(("outcome", "disposition"), [(Outcome.AS_UNIT, ""), (Outcome.OTHERWISE, Disposition.DELEGATE)])
def test_no_conference_lets_it_pass(outcome: str, disposition: str) -> None:
    entry = disputed()
    with pytest.raises(BadInput, match=LACKING):
        settled(entry, outcome, disposition)
    entry.refresh_from_db()
    assert entry.state == "disputed"


def test_a_conference_may_send_it_back_or_end_it() -> None:
    assert settled(disputed(), Outcome.AS_BODY) == "returned"
    assert settled(disputed(), Outcome.OTHERWISE, Disposition.CANCEL) == "agreed"


def test_no_meeting_decides_it_unless_it_is_to_be_ended() -> None:
    unit = campaigns.opened()
    [entry] = campaigns.agreed(unit)
    emptied(entry)
    with pytest.raises(BadInput, match=LACKING):
        campaigns.decided(unit.campaign)
    entry.refresh_from_db()
    assert entry.state == "agreed"
    campaigns.decided(unit.campaign, Disposition.CANCEL)
    entry.refresh_from_db()
    assert entry.state == "decided"


def test_neither_lawyers_nor_experts_agree_to_it() -> None:
    unit = campaigns.opened("two-rounds")
    [entry] = campaigns.agreed(unit)
    legal = unit.campaign.bodies.get(code="legal")
    invitation, _ = actions.invite_expert(
        legal, entries=[entry], name="钱教授", until=campaigns.FINAL, phone="13800000000", by=TESTS, at=NOON
    )
    actions.send_to_body([entry], body=legal, by=TESTS, at=NOON)
    entry = emptied(entry)
    with pytest.raises(BadInput, match=LACKING):
        campaigns.give(entry.reviews.get(body=legal, invitation=None))
    with pytest.raises(BadInput, match=LACKING):
        campaigns.opined(invitation, entry)


class TestDirectly:
    @pytest.mark.parametrize("by", [CommandLine("publish"), "publisher"])
    def test_one_that_lacks_something_holds_all(self, by: object) -> None:
        organ = make.organ()
        actor = make.user("publisher", organ) if by == "publisher" else by
        drafts = [make.draft(make.item(organ)), make.draft(make.item(organ, make.guide(places=[])))]
        with pytest.raises(BadInput, match=LACKING):
            publish_many(drafts, by=actor, at=NOON)  # type: ignore[arg-type]
        assert not Publication.objects.exists()

    def test_a_bare_line_is_a_lack_too(self) -> None:
        organ = make.organ()
        with pytest.raises(BadInput, match=LACKING):
            publish(make.draft(make.item(organ, Guide(name="入学"))), by=make.user("publisher", organ), at=NOON)

    def test_what_was_in_force_before_may_come_back(self) -> None:
        item = make.publication(text=make.guide(places=[])).item
        suspend_item(item, note="整修", by=TESTS, at=NOON)
        resume_item(item, by=TESTS, at=NOON)
        assert item.publications.filter(until=None).exists()
