"""Reprisal: whoever was rated looks for who rated on every page and in every file, and finds neither name nor words nor minute."""

import pytest

from banshi.core.clock import stopped_at
from banshi.events.sequencing import sequence
from banshi.feedback.actions import contact_rater, rate, settle_bad_rating
from banshi.feedback.models import BadRating
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.models import User
from banshi.supervision.examining import catch_up
from banshi.supervision.models import Irregularity
from tests import factories as make
from tests.cases.hall import Hall, granted, hall, moment
from tests.feedback.test_ratings import badly_rated, served
from tests.sites.oversight.test_board import as_
from tests.supervision.test_measures import counted_to_the_end

pytestmark = pytest.mark.django_db
RATED_AT = moment("05-09", 13, 37)
WORDS, PHONE, TALK = "跑了三趟还要证明", "13800000000", "打给本人核实属实"


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def supervisor(of: Hall) -> User:
    return make.user("supervisor", of.bureau)


@pytest.fixture
def bad(of: Hall, supervisor: User) -> BadRating:
    case, rated = granted(of, moment("05-06")).case, [of.handler.pk, of.head.pk, supervisor.pk]
    invitation = served(of, case, at=moment("05-08"), citizen=of.citizen, rated=rated)
    bad = rate(invitation, grade=5, words=WORDS, named=True, by=of.citizen, at=RATED_AT).handling
    contact_rater(bad, words=TALK, by=make.user("handler", of.bureau), at=moment("05-11"))
    settle_bad_rating(bad, outcome="planned", words=TALK, by=make.user("handler", of.bureau), at=moment("05-11"))
    return bad


PLACES = (
    "/work/",
    "/work/ratings/",
    "/work/ratings/?show=all",
    "/work/ratings/?state=mending",
    "/work/ratings/{guid}/",
    "/work/ratings/{guid}/act/appeal/",
    "/work/cases/",
    "/work/cases/{case}/",
    "/work/cases/{case}/rating/",
    "/my/messages/",
    "/oversight/",
    "/oversight/ratings/?show=all&days=365",
    "/oversight/ratings/?by=window&days=365",
    "/oversight/findings/",
    "/oversight/cases/{case}/",
    "/oversight/cases/{case}/receipt/",
    "/oversight/items/{item}/",
    *(f"/oversight/figures/rows/?period=2026-05&measure={each}" for each in ("rated", "rated_bad", "invited")),
    "/oversight/indicators/{organ}/?period=2026-05",
    "/console/ledger/",
    "/console/ledger/?q=feedback.Rating:{rating}",
    "/console/ledger/?q=feedback.BadRating:{bad}",
    "/ratings/?days=365",
    "/work/search/?q={words}",
    "/search?q={words}",
    "/api/v1/cases/{number}",
)


@pytest.mark.parametrize("role", ["handler", "head", "supervisor"])
def test_no_page_and_no_file_tells_the_rated_who_rated_when_and_what(
    role: str, of: Hall, bad: BadRating, supervisor: User
) -> None:
    who = {"handler": of.handler, "head": of.head, "supervisor": supervisor}[role]
    counted_to_the_end()
    case, rating = bad.rating.invitation.case, bad.rating
    assert case is not None
    told = {
        "bad": bad.pk,
        "guid": bad.guid,
        "case": case.pk,
        "item": case.item_id,
        "organ": of.bureau.pk,
        "rating": rating.pk,
    }
    opened = 0
    with stopped_at(moment("05-12")):
        client = as_(who)
        for place in PLACES:
            answer = client.get(place.format(**told, words=WORDS, number=case.number), follow=True)
            text = b"".join(answer).decode() if answer.streaming else answer.content.decode()  # type: ignore[arg-type]
            opened += answer.status_code == 200
            shown = text.replace(f'value="{WORDS}"', "").replace(f"“{WORDS}”", "")
            found = [each for each in (PHONE, "13:37", TALK) if each in shown]
            found += [WORDS] if WORDS in shown and "q=" not in place else []
            assert not found, (place, found)
        assert opened > 8
        refused = client.post(f"/work/ratings/{bad.guid}/rater/")
        assert refused.status_code == 403 and PHONE not in refused.content.decode()
    tries = LedgerEntry.objects.filter(action="feedback.refuse_look", actor=who.ledger_id)
    assert tries.count() == 1
    sequence()
    catch_up()
    assert Irregularity.objects.filter(rule="rater-looked-for", level="red").exists()
    notices = Notification.objects.filter(user=who).values_list("body", "page")
    assert not any(secret in str(each) for each in notices for secret in (WORDS, PHONE, "13:37", TALK))


def test_the_place_in_the_list_does_not_tell_the_day_either(of: Hall, bad: BadRating) -> None:
    """Between those of colleagues, whose days are shown, it would."""
    others = [make.user("window", of.bureau) for _ in range(2)]
    before, after = (
        badly_rated(of, at=moment(day), service=who) for day, who in zip(("05-06", "05-14"), others, strict=True)
    )
    for each in (before, after):
        each.rating.invitation.rated.all().delete()
    with stopped_at(moment("05-15")):
        listed = as_(of.handler).get("/work/ratings/").content.decode()
    places = [listed.index(f"/work/ratings/{each.guid}/") for each in (before, after, bad)]
    assert places == sorted(places), "one's own come last"


def test_neither_address_nor_name_nor_order_of_one_s_own_tells_which_came_first(of: Hall) -> None:
    """A running number, or a moment in a key, beside a neighbour whose day is known would tell the day and so the person."""
    several = [
        badly_rated(of, at=moment(f"05-{day:02}"), service=make.user("window", of.bureau)) for day in range(6, 14)
    ]
    for each in several:
        assert each.guid.version == each.rating.guid.version == 4
        assert str(each.pk) not in str(each).removesuffix(each.guid.hex[:8].upper())
    with stopped_at(moment("05-15")):
        own = as_(of.handler)
        listed = own.get("/work/ratings/?show=all").content.decode()
        assert all(own.get(f"/work/ratings/told/{each.pk}/").status_code == 404 for each in several)
        other = as_(make.user("handler", of.bureau)).get(f"/work/ratings/told/{several[0].pk}/")
        assert other.url == f"/work/ratings/{several[0].guid}/"  # type: ignore[attr-defined]
    places = [listed.index(f"/work/ratings/{each.guid}/") for each in sorted(several, key=lambda each: each.guid)]
    assert places == sorted(places) and len(places) == 8
