"""Posts count only in a session that began as staff's and has proven it: appointed while signed in, one gains nothing there."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from tests import factories as make
from tests.addresses import addresses
from tests.work import daily, sample

from banshi.core import clock
from banshi.core.clock import now
from banshi.ledger.models import LedgerEntry
from banshi.people import actions
from banshi.people.models import Organ, Post, SignIn, User
from banshi.sites.kit.staff import STAFF_PAGES

pytestmark = pytest.mark.django_db
FIRST, OWN = "three-blue-lamps", "four-green-doors"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WORDS = {"guid": str(UUID(int=0)), "code": "x", "name": "x", "form": "pdf", "what": "services", "element": "summary"}


class Names(dict[str, object]):
    def __missing__(self, name: str) -> object:
        return WORDS.get(name, 1)


STAFF_ADDRESSES = [address.filled(Names()) for address in addresses() if address.route.startswith(STAFF_PAGES)]


@pytest.fixture(autouse=True)
def as_in_production(settings):
    cache.clear()
    settings.DEMO, settings.STAFF_SECOND_FACTOR = False, True


@pytest.fixture
def organ():
    return make.organ()


@pytest.fixture
def newcomer():
    """Made by an administrator: no post, the first password still theirs."""
    user = make.user(must_change_password=True)
    user.set_password(FIRST)
    user.save()
    return user


@pytest.fixture
def session(client, newcomer):
    sign_in(client, newcomer)
    assert client.get("/my/").status_code == 200
    return client


def sign_in(client: Client, user: User, password: str = FIRST) -> None:
    cache.clear()
    client.post("/accounts/login/", {"login": user.username, "password": password})


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def appoint(user: User, organ: Organ, *, role: str = "admin", since: datetime | None = None) -> Post:
    day = (since or now()).date()
    return actions.appoint(user, organ=organ, role=role, since=day, by=make.TESTS, at=now())


def delegate(user: User, organ: Organ) -> None:
    post = appoint(make.user(), organ)
    day = now().date()
    actions.delegate(post, to=user, since=day, until=day, reason="出差", by=make.TESTS, at=now())


@pytest.mark.parametrize("given", daily([appoint, delegate], 2))
def test_every_staff_address_leads_to_the_door_and_nothing_happens(session, newcomer, organ, given):
    """Each as the first request after the appointment."""
    assert len(STAFF_ADDRESSES) > 200
    assert {each.split("/")[1] for each in STAFF_ADDRESSES} == {"work", "counter", "console", "oversight"}
    key = session.session.session_key
    given(newcomer, organ)
    before = set(LedgerEntry.objects.values_list("pk", flat=True))
    for address in sample(STAFF_ADDRESSES, 3):
        for ask in ("get", "post"):
            with transaction.atomic():
                session.cookies[settings.SESSION_COOKIE_NAME] = key
                assert getattr(session, ask)(address).url.startswith("/accounts/login/?ended=appointed"), address
                assert SignIn.objects.get(session_key=key).ending == SignIn.SignOut.APPOINTED
                acts = LedgerEntry.objects.exclude(pk__in=before).values_list("action", flat=True)
                assert list(acts) == ["people.end_sign_in"]
                transaction.set_rollback(True)


@pytest.mark.parametrize("given", [appoint, delegate])
def test_elsewhere_the_post_gives_nothing_either(session, newcomer, organ, given):
    given(newcomer, organ)
    assert session.get("/my/").context["posts"] == []


def test_a_post_that_begins_tomorrow_gives_nothing_tomorrow_in_todays_session(session, newcomer, organ):
    tomorrow = now() + timedelta(days=1)
    appoint(newcomer, organ, since=tomorrow)
    assert session.get("/console/").status_code == 403
    with clock.stopped_at(tomorrow):
        assert session.get("/console/people/").url.startswith("/accounts/login/?ended=appointed")


def test_the_door_asks_for_an_own_password_and_a_second_factor_before_work(session, newcomer, organ):
    appoint(newcomer, organ)
    door = session.get("/console/people/").url
    assert "您有了岗位" in session.get(door).content.decode()
    sign_in(session, newcomer)
    assert session.get("/console/people/").url.startswith("/accounts/password/change/?required=1")
    session.post("/accounts/password/change/", {"oldpassword": FIRST, "password1": OWN, "password2": OWN})
    step = session.get("/console/people/").url
    assert step.startswith("/accounts/2fa/totp/activate/?required=1")
    secret = session.get(step).context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    session.post("/accounts/2fa/totp/activate/", {"code": format_hotp_value(hotp_value(secret, counter))})
    assert session.get("/console/people/").status_code == 200


class TestAnotherSessionsProof:
    """A code given elsewhere proves nothing here."""

    @pytest.fixture
    def clerk(self, organ):
        user = make.user("admin", organ)
        user.set_password(OWN)
        user.save()
        return user

    def test_who_signed_in_before_the_second_factor_was_set_up_gives_a_code(self, client, clerk):
        sign_in(client, clerk, OWN)
        TOTP.activate(clerk, SECRET)
        before = LedgerEntry.objects.count()
        for address in sample(STAFF_ADDRESSES, 3):
            for ask in (client.get, client.post):
                assert ask(address).url.startswith("/accounts/2fa/reauthenticate/?required=1"), address
        assert LedgerEntry.objects.count() == before
        assert client.get("/my/").context["posts"] == []
        answer = client.post("/accounts/2fa/reauthenticate/", {"code": code(), "next": "/console/people/"})
        assert answer.url == "/console/people/"
        assert client.get("/console/people/").status_code == 200

    def test_a_session_made_without_a_code_is_asked_for_one(self, client, clerk):
        TOTP.activate(clerk, SECRET)
        client.force_login(clerk)
        assert client.get("/console/").url.startswith("/accounts/2fa/reauthenticate/")

    def test_a_second_post_counts_at_once_where_the_first_was_proven(self, client, clerk):
        TOTP.activate(clerk, SECRET)
        sign_in(client, clerk, OWN)
        client.post("/accounts/2fa/authenticate/", {"code": code()})
        assert client.get("/console/organs/").status_code == 200
        appoint(clerk, make.organ(), role="clerk")
        assert client.get("/console/organs/").status_code == 200
        assert len(client.get("/my/").context["posts"]) == 2

    def test_a_removed_second_factor_ends_what_it_proved(self, client, clerk):
        TOTP.activate(clerk, SECRET)
        sign_in(client, clerk, OWN)
        client.post("/accounts/2fa/authenticate/", {"code": code()})
        actions.remove_second_factor(clerk, reason="手机丢失", by=make.TESTS, at=now())
        assert not Authenticator.objects.exists()
        assert client.get("/console/").url.startswith("/accounts/login/?ended=closed")


def test_what_htmx_asks_is_answered_by_a_way_to_the_step(session, newcomer, organ):
    appoint(newcomer, organ)
    answer = session.get("/console/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/accounts/login/?ended=appointed")
