"""The administrator at work, and everybody's door: in a browser, on a desk and on a phone."""

import pytest
from tests import factories
from tests.journeys.conftest import fits_everywhere, portal_widths, staff_widths

from banshi.people.demo import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin(settings):
    settings.DEMO = True
    user = factories.user("admin", username="admin", full_name="卫系统", demo_note="系统管理员")
    user.set_password(DEMO_PASSWORD)
    user.save()
    return user


@pytest.fixture
def at_work(open_page, admin):
    """Signed in by one press of the demonstration's button."""

    def at_work(path, width):
        page = open_page("/accounts/login/", width=width)
        page.get_by_role("button", name="卫系统").click()
        page.wait_for_url("**/work/")
        page.goto(page.url.replace("/work/", path))
        return page

    return at_work


@portal_widths
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_the_door_is_accessible(open_page, admin, is_accessible, picture, path, width):
    page = open_page(path, width=width)
    is_accessible(page)
    picture(page, f"door-{path.split('/')[2]}-{width}")


@staff_widths
def test_every_page_of_the_console_is_accessible_and_fits(at_work, admin, is_accessible, picture, width):
    organ = admin.posts.get().organ
    factories.organ("示例县招生办", superior=organ)
    page = at_work("/console/organs/", width)
    for name, path in {
        "organs": "/console/organs/",
        "organ": f"/console/organs/{organ.pk}/",
        "organ-edit": f"/console/organs/{organ.pk}/edit/",
        "organ-close": f"/console/organs/{organ.pk}/close/",
        "people": "/console/people/",
        "person": f"/console/people/{admin.pk}/",
        "roles": "/console/people/roles/",
        "calendar": "/console/calendar/",
        "ledger": "/console/ledger/",
        "running": "/console/running/",
        "system": "/console/running/system/",
        "my": "/my/",
        "second-factor": "/accounts/2fa/totp/activate/",
        "password": "/accounts/password/change/",
    }.items():
        page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}{path}")
        is_accessible(page)
        assert fits_everywhere(page), f"{name} is wider than the screen"
        picture(page, f"console-{name}-{width}")


def test_a_holiday_is_entered_by_keyboard_alone(at_work):
    page = at_work("/console/calendar/2027/", 1280)
    page.locator('input[value="2027-10-01"]').focus()
    page.keyboard.press("Space")
    page.locator("#name").focus()
    page.keyboard.type("国庆节")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator('label[title="国庆节"]').wait_for()
    assert page.get_by_text("1天改为放假").is_visible()


def test_an_entry_of_the_ledger_opens_beside_the_list(at_work):
    page = at_work("/console/ledger/", 1280)
    page.locator("a[data-panel]").first.click()
    page.get_by_role("dialog").get_by_text("封存", exact=True).wait_for()
    assert page.url.endswith("/console/ledger/")
