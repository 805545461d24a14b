from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from tests import factories

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger.models import LedgerEntry
from banshi.people import actions
from banshi.people.models import Delegation, SignIn

pytestmark = pytest.mark.django_db
NOON = factories.NOON


@pytest.fixture
def admin():
    return factories.user("admin")


def sign_in(user):
    store = SessionStore()
    store.create()
    begun = {"session_key": store.session_key, "address": "10.0.0.1", "agent": "test"}
    return store.session_key, actions.begin_sign_in(user, **begun, by=user, at=NOON)


def test_a_new_account_gets_a_password_to_be_changed(admin):
    user, password = actions.create_account(username="zhangsan", full_name="张三", by=admin, at=NOON)
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in str(LedgerEntry.objects.last().facts)


def test_an_account_name_is_taken_once(admin):
    actions.create_account(username="zhangsan", full_name="张三", by=admin, at=NOON)
    with pytest.raises(Conflict, match="已有人用"):
        actions.create_account(username="ZhangSan", full_name="张珊", by=admin, at=NOON)
    with pytest.raises(BadInput):
        actions.create_account(username=" ", full_name="张三", by=admin, at=NOON)


def test_passwords_made_are_long_and_never_the_same():
    made = {actions.accounts.new_password() for _ in range(200)}
    assert len(made) == 200
    assert {len(password) for password in made} == {15}


@pytest.mark.parametrize("act", ["reset", "factor", "close"])
def test_taking_rights_away_ends_every_session(admin, act):
    user = factories.user("clerk")
    sign_in(user)
    Authenticator.objects.create(user=user, type="totp", data={})
    if act == "reset":
        password = actions.reset_password(user, by=admin, at=NOON)
        assert user.check_password(password)
    elif act == "factor":
        actions.remove_second_factor(user, reason="手机丢失", by=admin, at=NOON)
        assert not Authenticator.objects.filter(user=user).exists()
    else:
        actions.close_account(user, reason="调离", by=admin, at=NOON)
        assert not user.is_active
    assert not Session.objects.exists()
    assert SignIn.objects.get().ending == SignIn.SignOut.CLOSED


def test_what_is_closed_or_open_is_not_closed_or_opened_again(admin):
    user, organ = factories.user(), factories.organ()
    for close, reopen in (
        (partial(actions.close_account, user, reason="调离"), partial(actions.open_account, user)),
        (partial(actions.close_organ, organ, reason="撤并"), partial(actions.open_organ, organ)),
    ):
        for act, said in ((close, "已经停用了"), (reopen, "已经启用了")):
            act(by=admin, at=NOON)
            with pytest.raises(Conflict, match=said):
                act(by=admin, at=NOON)


def test_an_administrator_cannot_loosen_their_own_account(admin):
    with pytest.raises(Refused):
        actions.remove_second_factor(admin, reason="x", by=admin, at=NOON)
    with pytest.raises(Refused):
        actions.close_account(admin, reason="x", by=admin, at=NOON)


class TestReach:
    """Of somebody who manages the people of one unit and those below it, as data/access/roles.toml may say."""

    @pytest.fixture
    def manager(self, settings, tmp_path):
        text = settings.ACCESS_ROLES.read_text(encoding="utf-8")
        head = text.index("[roles.head]")
        own = text.index("own = [", head) + len("own = [")
        settings.ACCESS_ROLES = tmp_path / "roles.toml"
        settings.ACCESS_ROLES.write_text(text[:own] + '"people.manage",' + text[own:], encoding="utf-8")
        return factories.user("head", factories.organ())

    def acts(self, user, by):
        return {
            "change": lambda: actions.change_account(user, full_name="张三", phone="", email="", by=by, at=NOON),
            "reset": lambda: actions.reset_password(user, by=by, at=NOON),
            "factor": lambda: actions.remove_second_factor(user, reason="手机丢失", by=by, at=NOON),
            "close": lambda: actions.close_account(user, reason="调离", by=by, at=NOON),
            "open": lambda: actions.open_account(user, by=by, at=NOON),
        }

    @pytest.mark.parametrize("act", ["change", "reset", "factor", "close", "open"])
    def test_accounts_of_ones_own_line_only(self, manager, act):
        organ = manager.posts.get().organ
        for at in (organ, factories.organ(superior=organ)):
            mine = factories.user("clerk", at, is_active=act != "open")
            self.acts(mine, manager)[act]()
        above = factories.organ()
        organ.superior = above
        organ.save()
        both = factories.user("clerk", organ)
        factories.post(both, "clerk", above)
        deputy = factories.user("clerk", organ)
        Delegation.objects.create(
            post=factories.post(factories.user(), "head", above), to=deputy, since=NOON.date(), until=NOON.date()
        )
        elsewhere = (factories.user("clerk"), factories.user("admin", organ), factories.user("reviewer", organ))
        for other in (*elsewhere, factories.user("clerk", above), both, deputy, factories.user()):
            with pytest.raises(Refused, match="您没有"):
                self.acts(other, manager)[act]()

    @pytest.mark.parametrize("role", ["admin", "reviewer"])
    def test_a_role_that_reaches_farther_is_neither_given_nor_ended(self, manager, role):
        organ = manager.posts.get().organ
        given = {"organ": organ, "since": NOON.date(), "by": manager, "at": NOON}
        actions.appoint(factories.user(), role="clerk", **given)
        with pytest.raises(Refused, match="管到的单位比您多"):
            actions.appoint(factories.user(), role=role, **given)
        post = factories.post(factories.user(), role, organ)
        with pytest.raises(Refused, match="管到的单位比您多"):
            actions.end_post(post, until=NOON.date(), by=manager, at=NOON)


class TestSignIns:
    def test_beyond_the_limit_the_oldest_ends(self, settings):
        settings.SIGN_INS_AT_ONCE = 2
        user = factories.user()
        first, _ = sign_in(user)
        sign_in(user)
        _, ended = sign_in(user)
        assert [one.session_key for one in ended] == [first]
        assert SignIn.objects.get(session_key=first).ending == SignIn.SignOut.CROWDED
        assert not Session.objects.filter(session_key=first).exists()

    def test_sessions_that_ran_out_do_not_count(self, settings):
        settings.SIGN_INS_AT_ONCE = 2
        user = factories.user()
        for _ in range(2):
            sign_in(user)
        Session.objects.all().delete()
        assert sign_in(user)[1] == []

    def test_other_peoples_sessions_are_left_alone(self, settings):
        settings.SIGN_INS_AT_ONCE = 1
        mine, _ = sign_in(factories.user())
        sign_in(factories.user())
        assert Session.objects.filter(session_key=mine).exists()

    def test_one_may_sign_out_everywhere_else(self):
        user = factories.user()
        sign_in(user)
        here, _ = sign_in(user)
        assert actions.end_other_sign_ins(user, keep=here, by=user, at=NOON) == 1
        assert [session.session_key for session in Session.objects.all()] == [here]

    def test_signing_out_twice_is_recorded_once(self):
        user = factories.user()
        key, _ = sign_in(user)
        for _ in range(2):
            actions.end_sign_in(key, ending=SignIn.SignOut.LEFT, by=user, at=NOON)
        assert LedgerEntry.objects.filter(action="people.end_sign_in").count() == 1


def test_a_short_password_is_told_in_chinese() -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password("Xq7-kz")
    assert refused.value.messages == ["密码太短，至少要 10 位"]
