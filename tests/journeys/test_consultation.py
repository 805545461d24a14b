"""A citizen objects while a list is shown to the public, and reads the answer; on a phone, without scripts."""

import pytest
from playwright.sync_api import expect
from tests.factories import TESTS, campaigns
from tests.journeys.conftest import fits_everywhere, portal_widths

from banshi.campaigns import actions
from banshi.campaigns.models import Comment, Consultation
from banshi.core.clock import now, today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHOLE, ITEM = "/consultations/{campaign}/", "/consultations/{campaign}/{entry}/"


@pytest.fixture
def shown(transactional_db):
    """Open today, with one comment answered and shown."""
    unit = campaigns.opened("public-after-review", items=3)
    entry = campaigns.agreed(unit)[0]
    one = campaigns.showing(unit.campaign)
    Consultation.objects.filter(pk=one.pk).update(opens=today(), closes=today())
    one.refresh_from_db()
    for about in (None, entry):
        said = actions.comment_on(one, text="村里盖章能不能少一点？", entry=about, by=TESTS, at=now())
        actions.show_comment(said, by=TESTS, at=now())
        to = None if about else unit
        actions.answer_comment(said, answer="能共享的都改为免交。", accepted=True, unit=to, by=TESTS, at=now())
    return {"campaign": unit.campaign.guid, "entry": entry.guid}


def test_a_citizen_objects_and_reads_the_answer_without_scripts(shown, open_page, picture):
    page = open_page("/", width=390, scripts=False)
    page.get_by_role("link", name="清单征求意见").click()
    picture(page, "consultation-1-list")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").nth(2).click()
    page.get_by_role("link", name="对这一项提意见").click()
    page.get_by_label("您的意见").fill("户口簿能不能不带？")
    page.get_by_role("button", name="提交意见").click()
    receipt = page.locator(".receipt").inner_text()
    picture(page, "consultation-2-receipt")
    comment = Comment.objects.get(receipt=receipt)
    actions.answer_comment(comment, answer="已改为免交", accepted=True, by=TESTS, at=now())
    page.goto(page.url.split("/consultations/")[0] + "/consultations/")
    page.get_by_label("回执号").fill(receipt)
    page.get_by_role("button", name="查", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("已改为免交")
    picture(page, "consultation-3-answer")


@portal_widths
def test_its_pages_are_accessible_and_fit(shown, open_page, is_accessible, width):
    page = open_page("/consultations/", width=width)
    base = page.url.removesuffix("/consultations/")
    for path in ("/consultations/", "/notices/", WHOLE, ITEM, f"{WHOLE}comment/", f"{ITEM}comment/"):
        page.goto(base + path.format(**shown))
        assert fits_everywhere(page), path
        is_accessible(page)
