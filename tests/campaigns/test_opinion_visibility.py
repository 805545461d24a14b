"""Who sees which opinion when: every viewer × voice × moment, written out."""

from itertools import product

import pytest

from banshi.campaigns import actions
from banshi.campaigns.enums import Verdict
from banshi.campaigns.opinion_visibility import Moment, Viewer, Voice, may_see
from banshi.campaigns.queries import opinions_seen, opinions_seen_by_expert, viewer_of
from banshi.core.clock import now
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

TABLE = """
            own                 body                expert
            -    g    c    gc   -    g    c    gc   -    g    c    gc
unit        no   no   no   no   no   no   yes  yes  no   no   no   no
lead        yes  yes  yes  yes  no   yes  yes  yes  yes  yes  yes  yes
joint       yes  yes  yes  yes  no   yes  yes  yes  yes  yes  yes  yes
expert      yes  yes  yes  yes  no   no   yes  yes  no   no   no   no
organizer   yes  yes  yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
stranger    no   no   no   no   no   no   no   no   no   no   no   no
"""
"""g: the viewer's body has given its own opinion in that round; c: the lead body has summed the round up."""

MOMENTS = [Moment(given, concluded) for concluded in (False, True) for given in (False, True)]
ROWS = {name: words for name, *words in (line.split() for line in TABLE.strip().splitlines()[2:])}
CASES = {
    (viewer, voice, moment): ROWS[viewer.value][place * 4 + number] == "yes"
    for viewer in Viewer
    for place, voice in enumerate(Voice)
    for number, moment in enumerate(MOMENTS)
}


def test_the_table_has_every_case() -> None:
    assert set(ROWS) == {each.value for each in Viewer}
    assert len(CASES) == len(list(product(Viewer, Voice, MOMENTS))) == 72


@pytest.mark.parametrize(("viewer", "voice", "moment"), CASES, ids=lambda each: str(getattr(each, "value", each)))
def test_sight(viewer: Viewer, voice: Voice, moment: Moment) -> None:
    assert may_see(viewer, voice, moment) is CASES[viewer, voice, moment]


@pytest.mark.django_db
class TestPeople:
    """The same function on rows: what one person reads of one entry."""

    def test_bodies_judge_without_one_another_then_read_one_another(self):
        [entry] = campaigns.reported(campaigns.opened())
        first, second, *_ = entry.reviews.all()
        campaigns.give(first, Verdict.CHANGE)
        mine, other = campaigns.reviewer_of(first.body), campaigns.reviewer_of(second.body)
        assert [each.pk for each in opinions_seen(mine, entry, at=now())] == [first.pk]
        assert opinions_seen(other, entry, at=now()) == []
        campaigns.give(second)
        assert {each.pk for each in opinions_seen(other, entry, at=now())} == {first.pk, second.pk}

    def test_the_unit_hears_nothing_until_the_round_is_summed_up(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        clerk = make.user("clerk", unit.organ)
        campaigns.judged(entry)
        assert viewer_of(clerk, entry, at=now())[0] == Viewer.UNIT
        assert opinions_seen(clerk, entry, at=now()) == []
        campaigns.summed_up(campaigns.judged(entry))
        assert len(opinions_seen(clerk, entry, at=now())) == entry.reviews.count()

    def test_a_reviewer_of_a_body_the_item_does_not_go_to_is_a_stranger(self):
        [entry] = campaigns.reported(campaigns.opened("public-after-review"))
        campaigns.judged(entry)
        sasac = campaigns.reviewer_of(entry.campaign.bodies.get(code="sasac"))
        assert viewer_of(sasac, entry, at=now()) == (Viewer.STRANGER, set())

    def test_who_has_a_share_in_the_unit_is_no_reviewer_of_it(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        review = entry.reviews.all()[0]
        campaigns.judged(entry)
        who = campaigns.reviewer_of(review.body)
        make.post(who, "clerk", unit.organ)
        assert viewer_of(who, entry, at=now()) == (Viewer.UNIT, set())
        assert opinions_seen(campaigns.reviewer_of(review.body), entry, at=now()) == []

    def test_an_outside_expert_reads_bodies_after_the_round_and_never_another_expert(self):
        unit = campaigns.opened("two-rounds")
        [entry] = campaigns.reported(unit)
        legal = unit.campaign.bodies.get(code="legal")
        until = campaigns.FINAL
        one, _ = actions.invite_expert(legal, name="钱教授", until=until, entries=[entry], by=TESTS, at=NOON)
        two, _ = actions.invite_expert(legal, name="孙律师", until=until, entries=[entry], by=TESTS, at=NOON)
        campaigns.judged(entry)
        campaigns.opined(one, entry)
        assert [each.invitation_id for each in opinions_seen_by_expert(one, entry)] == [one.pk]
        assert opinions_seen_by_expert(two, entry) == []
        campaigns.summed_up(entry)
        assert one.pk not in {each.invitation_id for each in opinions_seen_by_expert(two, entry)}
        assert len(opinions_seen_by_expert(two, entry)) == 3
