"""公示征求意见 as the public meets it: found, read, commented without scripts or account, the answer found by receipt."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import TESTS, campaigns

from banshi.campaigns import actions
from banshi.campaigns.models import Comment
from banshi.core.clock import stopped_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    unit = campaigns.opened("public-after-review", items=2)
    campaigns.agreed(unit)
    return campaigns.showing(unit.campaign)


@pytest.fixture
def opening(shown):
    return campaigns.during(shown.campaign, "public")


def page(client, name, *args, **asked):
    return client.get(reverse(f"portal:{name}", args=args), asked).content.decode()


@pytest.mark.parametrize("name", ["home", "notices", "consultations"])
def test_while_it_is_open_it_is_found_where_one_looks(client, shown, opening, name):
    address = reverse("portal:consultation", args=[shown.campaign.guid])
    with stopped_at(opening):
        assert address in page(client, name)


@pytest.mark.parametrize("name", ["home", "notices"])
def test_when_it_is_over_it_stands_only_among_the_consultations(client, shown, opening, name):
    address = reverse("portal:consultation", args=[shown.campaign.guid])
    with stopped_at(opening + timedelta(days=30)):
        assert address not in page(client, name)
        assert address in page(client, "consultations")


def test_every_page_leads_there(client):
    assert 'href="/consultations/"' in page(client, "organs")


def test_the_answer_is_found_by_receipt_in_small_letters_too(client, shown, opening):
    with stopped_at(opening):
        where = reverse("portal:consultation-comment", args=[shown.campaign.guid])
        said = client.post(where, {"text": "能不能周末办"}, follow=True).content.decode()
        receipt = re.search(r'class="receipt">(\w+)<', said)[1]
        comment = Comment.objects.get(receipt=receipt)
        assert "能不能周末办" not in page(client, "consultation", shown.campaign.guid)
        assert "还没有答复" in page(client, "consultations", receipt=receipt.lower())
        actions.hide_comment(comment, reason="含有个人信息", by=TESTS, at=opening)
        actions.answer_comment(comment, answer="周六上午可以办", accepted=False, by=TESTS, at=opening)
        assert "周六上午可以办" in page(client, "consultations", receipt=receipt)
        assert "周六上午可以办" not in page(client, "consultation", shown.campaign.guid)


def test_extended_it_takes_comments_until_the_new_day(client, shown, opening):
    late = opening + timedelta(days=9)
    where = reverse("portal:consultation-comment", args=[shown.campaign.guid])
    actions.extend_consultation(shown, closes=late.date(), by=TESTS, at=opening)
    with stopped_at(late):
        client.post(where, {"text": "还来得及"})
    assert Comment.objects.get().text == "还来得及"


@pytest.mark.parametrize("count", [1, 3])
def test_its_list_costs_the_same_for_one_and_three(client, count, django_assert_max_num_queries):
    unit = campaigns.opened("public-after-review", items=count)
    campaigns.agreed(unit)
    shown = campaigns.showing(unit.campaign)
    with stopped_at(campaigns.during(unit.campaign, "public")), django_assert_max_num_queries(6):
        page(client, "consultation", shown.campaign.guid)
