"""Pages of a campaign fit a phone and a desk, and can be read and worked by everybody: no rule of axe is broken."""

import pytest
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns
from tests.journeys.conftest import fits_everywhere, staff_widths

from banshi.campaigns import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ORGANIZERS = (
    "/work/",
    "/work/campaigns/{guid}/?by=unit",
    "/work/campaigns/{guid}/entries/",
    "/work/campaigns/{guid}/units/",
    "/work/campaigns/{guid}/units/{pk}/",
    "/work/campaigns/{guid}/units/{pk}/leave/",
    "/work/campaigns/{guid}/explanations/",
    "/work/campaigns/{guid}/consultation/",
    "/work/campaigns/{guid}/consultation/extend/",
    "/work/campaigns/{guid}/decide/",
    "/work/campaigns/{guid}/bulletins/",
)
UNITS = (
    "/work/",
    "/work/reports/{pk}/",
    "/work/reports/{pk}/entries/",
    "/work/reports/{pk}/summary/",
    "/work/reports/{pk}/absences/",
    "/work/reports/{pk}/sign/",
)


@pytest.fixture
def unit(transactional_db):
    """One item agreed, another still owed, a gap explained, an order to answer, shown to the public."""
    made = campaigns.opened("public-after-review", items=1)
    campaigns.agreed(made)
    make.publication(of=make.item(made.organ))
    actions.gather_items(made, by=TESTS, at=NOON)
    actions.explain_absence(made, reference=make.reference(), reason="由市级统一办理", by=TESTS, at=NOON)
    actions.order_rectification(made, text="补报漏项", due=NOON.date(), by=TESTS, at=NOON)
    campaigns.showing(made.campaign)
    return made


@pytest.fixture
def open_as(open_page, client, live_server):
    """A page of somebody signed in."""

    def opened(who, width):
        client.force_login(who)
        page = open_page("/", width=width)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return opened


def walk(page, base, paths, unit, is_accessible):
    for path in paths:
        page.goto(base + path.format(guid=unit.campaign.guid, pk=unit.pk))
        assert fits_everywhere(page), path
        is_accessible(page)


@staff_widths
def test_the_organizers_pages(unit, open_as, live_server, is_accessible, width):
    page = open_as(make.user("organizer", unit.campaign.organ), width)
    walk(page, live_server.url, ORGANIZERS, unit, is_accessible)


@staff_widths
def test_the_units_pages(unit, open_as, live_server, is_accessible, width):
    page = open_as(make.user("head", unit.organ), width)
    walk(page, live_server.url, UNITS, unit, is_accessible)
