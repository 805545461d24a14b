"""Experts and lawyers: asked at their desk, or invited from outside by a link."""

from datetime import timedelta

import pytest

from banshi.campaigns import actions
from banshi.campaigns.models import Invitation, Review
from banshi.campaigns.queries import desk_of, invitation_by, waiting
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger.models import LedgerEntry
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return campaigns.opened("two-rounds", items=2)


@pytest.fixture
def entries(unit):
    return campaigns.agreed(unit)


@pytest.fixture
def legal(unit):
    return unit.campaign.bodies.get(code="legal")


def invited(legal, entries, **more):
    given = {"name": "钱教授", "until": campaigns.FINAL, "phone": "13800000000", **more}
    return actions.invite_expert(legal, entries=entries, **given, by=TESTS, at=NOON)


class TestBodies:
    def test_what_is_sent_lies_on_their_desk_once_and_counts_for_no_round(self, legal, entries):
        assert actions.send_to_body(entries, body=legal, by=TESTS, at=NOON) == 2
        assert actions.send_to_body(entries, body=legal, by=TESTS, at=NOON) == 0
        lawyer = campaigns.reviewer_of(legal)
        assert waiting(desk_of(lawyer, at=now())).count() == 2
        entries[0].refresh_from_db()
        assert entries[0].waiting == 0
        campaigns.give(entries[0].reviews.get(body=legal))
        assert waiting(desk_of(lawyer, at=now())).count() == 1

    def test_lawyers_do_not_look_at_their_own_items(self, unit, legal, entries):
        legal.organ = unit.organ
        legal.save()
        with pytest.raises(Refused, match="自己的事项"):
            actions.send_to_body(entries, body=legal, by=TESTS, at=NOON)

    def test_only_experts_and_lawyers_are_asked_besides(self, unit, entries):
        with pytest.raises(BadInput, match="不是专家"):
            actions.send_to_body(entries, body=campaigns.lead_of(entries[0]), by=TESTS, at=NOON)

    def test_what_went_back_meanwhile_is_not_sent(self, legal, entries):
        campaigns.summed_up(entries[0], "return", "再改", reopen=True)
        with pytest.raises(Conflict, match="没有送出任何一项"):
            actions.send_to_body(entries, body=legal, by=TESTS, at=NOON)
        assert not Review.objects.filter(body=legal).exists()


class TestInvitations:
    def test_the_secret_is_told_once_and_not_kept_and_the_phone_is_sealed(self, legal, entries):
        invitation, secret = invited(legal, entries)
        kept = str(Invitation.objects.filter(pk=invitation.pk).values().get())
        assert secret not in kept
        assert "13800000000" not in kept
        assert secret not in str(list(LedgerEntry.objects.values_list("facts", flat=True)))
        assert actions.look_at_phone(invitation, by=TESTS, at=NOON) == "13800000000"
        assert LedgerEntry.objects.filter(action="campaigns.look_at_phone").exists()

    def test_the_link_ends_at_its_date_and_when_it_is_withdrawn(self, legal, entries):
        invitation, secret = invited(legal, entries)
        assert invitation_by(secret, campaigns.FINAL) == invitation
        assert invitation_by(secret, campaigns.FINAL + timedelta(days=1)) is None
        assert invitation_by("guessed", NOON.date()) is None
        actions.withdraw_invitation(invitation, reason="另请他人", by=TESTS, at=NOON)
        assert invitation_by(secret, NOON.date()) is None

    def test_the_opinion_is_recorded_as_the_experts_own(self, legal, entries):
        invitation, _ = invited(legal, entries)
        review = campaigns.opined(invitation, entries[0])
        assert review.given_by == "钱教授（专家）"
        act = LedgerEntry.objects.get(action="campaigns.give_review", subject=f"campaigns.Review:{review.pk}")
        assert (act.actor, act.facts["digest"]) == (f"expert:{invitation.pk}", entries[0].text.digest)

    def test_ties_are_declared_before_anything_is_said(self, legal, entries):
        invitation, _ = invited(legal, entries)
        review = invitation.reviews.all()[0]
        with pytest.raises(Conflict, match="先申报"):
            actions.give_expert_opinion(
                review, verdict="agree", disposition="keep", note="好", digest="", by=invitation, at=NOON
            )

    def test_the_items_of_a_unit_with_ties_leave_the_list(self, unit, legal, entries):
        invitation, _ = invited(legal, entries)
        with pytest.raises(BadInput, match="什么关系"):
            actions.declare_interest(invitation, organs=[unit.organ], by=invitation, at=NOON)
        actions.declare_interest(invitation, organs=[unit.organ], reason="法律顾问", by=invitation, at=NOON)
        assert not invitation.reviews.exists()
        assert "法律顾问" in invitation.conflict
        with pytest.raises(Conflict, match="已经申报过"):
            actions.declare_interest(invitation, organs=[], by=invitation, at=NOON)

    def test_what_is_handed_over_later_from_a_unit_with_ties_is_not_theirs(self, unit, legal, entries):
        invitation, _ = invited(legal, entries)
        actions.declare_interest(invitation, organs=[unit.organ], reason="法律顾问", by=invitation, at=NOON)
        with pytest.raises(Refused, match="申报过"):
            actions.add_to_invitation(invitation, entries=entries, by=TESTS, at=NOON)

    def test_an_opinion_is_in_writing_and_on_the_newest_text(self, legal, entries):
        invitation, _ = invited(legal, entries)
        with pytest.raises(BadInput, match="没写完"):
            campaigns.opined(invitation, entries[0], note=" ")
        entries[0].text.digest = "0" * 64
        review = invitation.reviews.get(entry=entries[0])
        with pytest.raises(Conflict, match="不是最新"):
            actions.give_expert_opinion(
                review,
                verdict="agree",
                disposition="keep",
                answers=campaigns.answers(review),
                note="好",
                digest="0" * 64,
                by=invitation,
                at=NOON,
            )

    def test_withdrawn_while_writing_nothing_is_taken(self, legal, entries):
        invitation, _ = invited(legal, entries)
        actions.declare_interest(invitation, organs=[], by=invitation, at=NOON)
        actions.withdraw_invitation(invitation, reason="另请他人", by=TESTS, at=NOON)
        with pytest.raises(Conflict, match="收回"):
            campaigns.opined(invitation, entries[0])

    def test_another_experts_review_is_not_theirs_to_give(self, legal, entries):
        one, _ = invited(legal, entries)
        two, _ = invited(legal, entries, name="孙律师")
        actions.declare_interest(two, organs=[], by=two, at=NOON)
        with pytest.raises(Refused):
            actions.give_expert_opinion(
                one.reviews.all()[0], verdict="agree", disposition="keep", note="好", digest="", by=two, at=NOON
            )


def test_lawyers_must_have_read_the_text_that_is_decided(legal, entries, unit):
    """An opinion on the text of an earlier round does not count for the meeting."""
    from banshi.campaigns.actions.deciding import _unheard

    actions.send_to_body(entries, body=legal, by=TESTS, at=NOON)
    campaigns.give(entries[0].reviews.get(body=legal))
    assert _unheard(unit.campaign, [each.pk for each in entries], "legal") == 1
    Review.objects.filter(body=legal).exclude(verdict="").update(digest="0" * 64)
    assert _unheard(unit.campaign, [each.pk for each in entries], "legal") == 2
