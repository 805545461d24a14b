"""Pages of ratings, complaints and wishes: axe finds nothing, nothing is wider than a phone, the way works in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests import factories as make
from tests.cases.hall import hall, moment
from tests.feedback.test_ratings import badly_rated, served
from tests.journeys.conftest import fits_everywhere

from banshi.core.clock import now
from banshi.feedback.actions import (
    accept_complaint,
    answer_complaint,
    file_complaint,
    make_wish,
    moderate_wish,
    transfer_complaint,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_accessible_and_fit(width: int, enter: Callable[..., Page], tmp_path: Any) -> None:
    of, at = hall(), now()
    other = make.organ("示例县城管局")
    make.post(of.head, "feedback", of.bureau)
    bad, invitation = badly_rated(of, at=at), served(of, make.user(), at=at)
    answered = file_complaint("complaint", text="取水许可一直没有办好，催了也不回复", item=of.item, by=of.head, at=at)
    transfer_complaint(answered, to=other, reason="不归我们管", by=of.head, at=at)
    chief = make.user("head", other)
    transfer_complaint(answered, to=of.bureau, reason="还是归水利局", by=chief, at=at)
    accept_complaint(answered, by=of.head, at=at)
    answer_complaint(answered, answer="已经办好了，今天送达", by=of.head, at=at)
    waiting = file_complaint("help", text="希望能有人帮忙办一下", organ=of.bureau, by=of.head, at=at)
    author = make.user(date_joined=moment("2025-01-05"))
    wish = make_wish(title="希望周末也能办取水许可", text="平时没有空", by=author, at=at)
    moderate_wish(wish, publish=True, organ=of.bureau, by=of.head, at=at)
    addresses = [
        "/rate/",
        f"/rate/{invitation.code}/",
        f"/rate/{bad.rating.invitation.code}/",
        "/ratings/?by=item",
        "/ask/?kind=consultation",
        "/ask/follow/",
        "/my/complaints/",
        f"/my/complaints/{answered.pk}/",
        "/wishes/",
        "/wishes/new/",
        f"/wishes/{wish.guid}/",
        "/work/ratings/",
        f"/work/ratings/{bad.pk}/",
        f"/work/ratings/{bad.pk}/act/contact/",
        "/work/complaints/",
        "/work/complaints/new/",
        f"/work/complaints/{waiting.pk}/",
        f"/work/complaints/{waiting.pk}/act/transfer/",
        "/work/wishes/",
        f"/work/wishes/{wish.pk}/?state=open",
        "/work/wishes/wanted/",
        "/oversight/ratings/?show=all",
        "/oversight/complaints/?show=passed",
        "/oversight/wishes/",
    ]
    page, axe, found = enter(of.head, width=width), Axe(), []
    for address in addresses:
        assert page.goto(address).status == 200, address  # type: ignore[union-attr]
        result = axe.run(page)
        found += [f"{address}: {each['id']} {each['nodes'][0]['target']}" for each in result.response["violations"]]
        if not fits_everywhere(page):
            found.append(f"{address}: wider than the screen")
    assert found == []
