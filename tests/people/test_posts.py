from datetime import date, timedelta

import pytest
from tests import factories

from banshi.core.clock import stopped_at
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.people import actions
from banshi.sites.kit.permissions import Permission, may, permissions_of

pytestmark = pytest.mark.django_db
TODAY = factories.NOON.date()
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def at_noon():
    with stopped_at(factories.NOON):
        yield


@pytest.fixture
def admin():
    return factories.user("admin")


def fresh(user):
    """The user as a new request sees them."""
    return type(user).objects.get(pk=user.pk)


def appoint(user, organ, role="clerk", *, by, **more):
    return actions.appoint(user, organ=organ, role=role, by=by, at=factories.NOON, **{"since": TODAY, **more})


def test_an_appointed_clerk_may_edit_there_and_the_ledger_says_so(admin):
    organ, user = factories.organ(), factories.user()
    appoint(user, organ, by=admin)
    assert may(fresh(user), Permission.ITEM_EDIT, organ)
    assert not may(fresh(user), Permission.ITEM_EDIT, factories.organ())
    assert LedgerEntry.objects.last().actor == admin.ledger_id


def test_nobody_appoints_themselves(admin):
    with pytest.raises(Refused, match="自己"):
        appoint(admin, factories.organ(), "publisher", by=admin)


def test_the_same_post_is_not_held_twice(admin):
    organ, user = factories.organ(), factories.user()
    appoint(user, organ, by=admin)
    with pytest.raises(Conflict, match="单位经办人"):
        appoint(user, organ, by=admin)


def test_nor_twice_over_the_same_days(admin):
    """A second click, too. What follows on it is another post."""
    organ, user = factories.organ(), factories.user()
    first = appoint(user, organ, by=admin, until=TODAY + WEEK)
    for more in ({"until": TODAY + WEEK}, {"since": TODAY - WEEK}, {"since": TODAY + timedelta(days=1)}):
        with pytest.raises(Conflict, match="单位经办人"):
            appoint(user, organ, by=admin, **more)
    appoint(user, organ, by=admin, since=TODAY - WEEK, until=TODAY)
    appoint(user, organ, by=admin, since=first.until)
    appoint(user, factories.organ(), by=admin)


@pytest.mark.parametrize(
    "wrong", [{"role": "king"}, {"until": date(2020, 1, 1)}], ids=["a role that is none", "an end before the beginning"]
)
def test_what_makes_no_sense_is_refused(admin, wrong):
    with pytest.raises(BadInput):
        appoint(factories.user(), factories.organ(), by=admin, **wrong)


def test_closed_organs_and_accounts_get_no_posts(admin):
    with pytest.raises(Conflict):
        appoint(factories.user(), factories.organ(active=False), by=admin)
    with pytest.raises(Conflict):
        appoint(factories.user(is_active=False), factories.organ(), by=admin)


def test_a_post_gives_nothing_before_it_begins_and_after_it_ends(admin):
    organ, user = factories.organ(), factories.user()
    post = appoint(user, organ, by=admin, since=TODAY + WEEK)
    assert permissions_of(fresh(user)) == frozenset()
    with stopped_at(factories.NOON + WEEK):
        assert may(fresh(user), Permission.ITEM_EDIT, organ)
    actions.end_post(post, until=TODAY + WEEK, by=admin, at=factories.NOON)
    with stopped_at(factories.NOON + WEEK * 2):
        assert permissions_of(fresh(user)) == frozenset()


class TestDelegation:
    @pytest.fixture
    def post(self, admin):
        return appoint(factories.user(), factories.organ(), by=admin)

    def delegate(self, post, to, **more):
        more = {"since": TODAY, "until": TODAY + WEEK, "reason": "休假", "by": post.user, "at": factories.NOON, **more}
        return actions.delegate(post, to=to, **more)

    def test_who_stands_in_may_what_the_holder_may_until_it_is_taken_back(self, post):
        other = factories.user()
        delegation = self.delegate(post, other)
        assert may(fresh(other), Permission.ITEM_EDIT, post.organ)
        actions.end_delegation(delegation, by=post.user, at=factories.NOON)
        assert not may(fresh(other), Permission.ITEM_EDIT, post.organ)

    def test_it_ends_by_itself(self, post):
        other = factories.user()
        self.delegate(post, other)
        with stopped_at(factories.NOON + WEEK * 2):
            assert not may(fresh(other), Permission.ITEM_EDIT, post.organ)

    def test_a_delegation_is_not_taken_back_twice(self, post):
        delegation = self.delegate(post, factories.user())
        actions.end_delegation(delegation, by=System("test"), at=factories.NOON)
        with pytest.raises(Conflict):
            actions.end_delegation(delegation, by=System("test"), at=factories.NOON)

    def test_the_same_days_are_not_delegated_to_the_same_person_twice(self, post):
        other = factories.user()
        first = self.delegate(post, other)
        with pytest.raises(Conflict, match="已经委托给"):
            self.delegate(post, other, since=TODAY + WEEK, until=TODAY + WEEK * 2)
        self.delegate(post, other, since=TODAY + WEEK * 2, until=TODAY + WEEK * 3)
        self.delegate(post, factories.user())
        actions.end_delegation(first, by=post.user, at=factories.NOON)
        self.delegate(post, other)

    @pytest.mark.parametrize(
        "wrong",
        [{"until": TODAY - WEEK}, {"since": TODAY - WEEK}, {"reason": " "}],
        ids=["ends early", "before the post", "no reason"],
    )
    def test_what_makes_no_sense_is_refused(self, post, wrong):
        with pytest.raises(BadInput):
            self.delegate(post, factories.user(), **wrong)

    def test_not_to_oneself_and_not_to_a_closed_account(self, post):
        with pytest.raises(BadInput):
            self.delegate(post, post.user)
        with pytest.raises(Conflict):
            self.delegate(post, factories.user(is_active=False))

    def test_ending_the_post_ends_what_was_delegated_from_it(self, post, admin):
        delegation = self.delegate(post, factories.user())
        actions.end_post(post, until=TODAY, by=admin, at=factories.NOON)
        delegation.refresh_from_db()
        assert delegation.ended_at
