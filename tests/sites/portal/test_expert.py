"""An invited expert on a phone: by a link, without an account."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.factories import NOON, TESTS, campaigns, division

from banshi.campaigns import actions
from banshi.campaigns.enums import Verdict
from banshi.campaigns.models import Entry, Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def entry() -> Entry:
    unit = campaigns.opened("two-rounds", items=1)
    [reported] = campaigns.reported(unit)
    campaigns.at_desk(unit.campaign)
    return reported


@pytest.fixture
def invited(entry: Entry) -> tuple[Invitation, str]:
    legal = entry.campaign.bodies.get(code="legal")
    return actions.invite_expert(
        legal, name="钱教授", until=campaigns.FINAL.replace(year=2099), entries=[entry], by=TESTS, at=NOON
    )


def home(token: str) -> str:
    return reverse("portal:expert", args=[token])


def page(token: str, entry: Entry) -> str:
    return reverse("portal:expert-entry", args=[token, entry.guid])


def declared(token: str) -> Client:
    client = Client()
    client.post(home(token), {"ties": "none"})
    return client


def typed(entry: Entry, **more: Any) -> dict[str, Any]:
    text = entry.text
    told = {
        "answer-lawful": "yes",
        "answer-proofs": "yes",
        "verdict": "agree",
        "disposition": "keep",
        "note": "依据充分",
    }
    return {**told, "digest": text.digest if text else "", **more}


def test_ties_are_declared_before_anything_is_read(entry: Entry, invited: tuple[Invitation, str]) -> None:
    _, token = invited
    client = Client()
    first = client.get(home(token)).content.decode()
    assert "利益关系申报" in first and entry.item.name not in first
    assert client.get(page(token, entry)).status_code == 302
    assert client.post(page(token, entry), typed(entry)).status_code == 302
    assert client.post(home(token), {}).status_code == 422
    assert client.post(home(token), {"ties": "some"}).status_code == 422
    client.post(home(token), {"ties": "none"})
    assert entry.item.name in client.get(home(token)).content.decode()


def test_the_items_of_a_unit_with_ties_are_gone(entry: Entry, invited: tuple[Invitation, str]) -> None:
    _, token = invited
    client = Client()
    client.post(home(token), {"ties": "some", "organ": [entry.participation.organ_id], "reason": "法律顾问"})
    assert "没有请您论证的事项" in client.get(home(token)).content.decode()
    assert client.get(page(token, entry)).status_code == 404


def test_an_opinion_is_written_and_is_on_the_list(entry: Entry, invited: tuple[Invitation, str]) -> None:
    _, token = invited
    client = declared(token)
    missing = client.post(page(token, entry), typed(entry, note=""))
    assert missing.status_code == 422 and "请写论证意见" in missing.content.decode()
    done = client.post(page(token, entry), typed(entry), follow=True)
    assert "论证意见已提交" in done.content.decode() and "都提了意见" in done.content.decode()
    again = client.post(page(token, entry), typed(entry))
    assert again.status_code == 409


def test_what_bodies_say_is_read_after_the_round_only(entry: Entry, invited: tuple[Invitation, str]) -> None:
    _, token = invited
    client = declared(token)
    campaigns.judged(entry, Verdict.AGREE)
    assert "可以看的意见" not in client.get(page(token, entry)).content.decode()
    campaigns.summed_up(entry)
    assert "可以看的意见" in client.get(page(token, entry)).content.decode()


def test_another_item_of_the_campaign_is_not_there(entry: Entry, invited: tuple[Invitation, str]) -> None:
    _, token = invited
    other = campaigns.reported(campaigns.opened("two-rounds", division=division("990203", "邻县")))[0]
    assert declared(token).get(page(token, other)).status_code == 404


def test_the_address_is_kept_from_caches_engines_and_other_sites(invited: tuple[Invitation, str]) -> None:
    answer = Client().get(home(invited[1]))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"


def test_who_guesses_links_is_stopped_soon(invited: tuple[Invitation, str]) -> None:
    client = Client()
    answers = [client.get(home(f"guess{number}")).status_code for number in range(22)]
    assert answers[0] == 404 and answers[-1] == 429
    assert Client().get(home(invited[1])).status_code == 200, "who holds a link is not kept out by others"


def test_it_reads_by_width_of_a_phone(entry: Entry, invited: tuple[Invitation, str]) -> None:
    text = declared(invited[1]).get(page(invited[1], entry)).content.decode()
    assert 'name="viewport"' in text and 'href="#mine"' in text
