"""A case goes over its day: light, order, answer, closed; its figures, its bulletin, and a draw that anybody recomputes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.cases.hall import accepted, hall
from tests.journeys.conftest import fits_everywhere
from tests.supervision.test_drawing import promise_drawn
from tests.supervision.test_measures import counted_to_the_end
from typer.testing import CliRunner

from banshi.command import app
from banshi.core.clock import now
from banshi.supervision.models import Irregularity
from banshi.supervision.warning import warn

pytestmark = [pytest.mark.browser, pytest.mark.nightly, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seen(picture: Callable[..., None], is_accessible: Callable[[Page], None]) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        picture(page, f"supervision-{name}")

    return look


@pytest.mark.parametrize("width", [390, 1280])
def test_overdue_to_closed_and_a_draw_recomputed(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None], tmp_path: Path, width: int
) -> None:
    of, at = hall(), now()
    case = accepted(of, at - timedelta(days=60))
    inspector = make.user("handler", make.organ("示例县检查队"), full_name="吴检查")
    promise_drawn(of)
    warn(at=at)
    counted_to_the_end()
    it = Irregularity.objects.get(rule="case-overdue", level="red", case=case)
    watcher = enter(make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察"), width)
    head = enter(of.head, width)

    watcher.goto("/oversight/")
    seen(watcher, f"board-{width}")
    watcher.goto(f"/oversight/findings/{it.pk}/")
    seen(watcher, f"finding-{width}")
    watcher.get_by_role("link", name="督办", exact=True).click()
    watcher.get_by_label("内容").fill("请马上决定，说明原因")
    watcher.get_by_role("button", name="督办").click()
    expect(watcher.locator(".notice.success")).to_be_visible()
    head.goto(f"/oversight/findings/{it.pk}/")
    head.get_by_role("link", name="答复", exact=True).click()
    head.get_by_label("内容").fill("已经决定，审查人员病假")
    head.get_by_role("button", name="答复").click()
    expect(head.locator(".notice.success")).to_be_visible()
    watcher.goto(f"/oversight/findings/{it.pk}/")
    watcher.get_by_role("link", name="结案", exact=True).click()
    watcher.get_by_label("内容").fill("情况属实，已经改正")
    watcher.get_by_role("button", name="结案").click()
    expect(watcher.get_by_text("已结案").first).to_be_visible()
    for page in (watcher, head):
        page.goto(f"/oversight/findings/{it.pk}/")
        expect(page.get_by_role("button", name="打开")).to_have_count(3)
    seen(head, f"papers-{width}")

    for path, name in (
        ("figures/", "figures"),
        ("indicators/", "indicators"),
        ("bulletins/", "bulletins"),
        (f"bulletins/{at:%Y-%m}/", "bulletin"),
        (f"indicators/{of.bureau.pk}/", "organ"),
        (f"cases/{case.pk}/", "story"),
        ("rules/", "rules"),
    ):
        watcher.goto(f"/oversight/{path}")
        seen(watcher, f"{name}-{width}")

    watcher.goto("/oversight/draws/new/")
    watcher.get_by_label("名称").fill("事后核查")
    watcher.get_by_label("抽什么").select_option("commitments")
    watcher.get_by_label("抽几个").fill("1")
    watcher.get_by_label("检查内容").fill("材料齐全")
    watcher.locator("main form button[type=submit]").click()
    watcher.get_by_role("link", name="截止名单").first.click()
    watcher.get_by_label("从哪天起").fill("2026-11-01")  # the promise is of November, whatever the month is
    watcher.get_by_label("用哪个公开信标").fill("福彩2026130期")
    watcher.get_by_label("吴检查").check()
    watcher.locator("main form button[type=submit]").click()
    watcher.get_by_role("link", name="登记信标的数").click()
    watcher.get_by_label("公布的数").fill("20261110")
    watcher.locator("main form button[type=submit]").click()
    watcher.locator("main a[href$='/run/']").click()
    watcher.locator("main form button[type=submit]").click()
    expect(watcher.get_by_text(str(inspector)).first).to_be_visible()
    seen(watcher, f"draw-{width}")
    with watcher.expect_download() as told:
        watcher.locator("a[href$='draw.json']").click()
    file = tmp_path / "draw.json"
    told.value.save_as(file)
    assert CliRunner().invoke(app, ["draw", "verify", str(file)]).exit_code == 0
    file.write_text(file.read_text().replace("事后核查", "事后核察"))
    assert CliRunner().invoke(app, ["draw", "verify", str(file)]).exit_code == 1

    checking = enter(inspector, width)
    checking.goto("/oversight/draws/")
    checking.locator("main a[href*='/inspections/']").first.click()
    checking.locator("select[name=mark0]").select_option("not")
    checking.locator("input[name=faulty][value=yes]").check()
    checking.locator("textarea[name=words]").fill("和登记不符")
    checking.locator("input[name=right_by]").fill(f"{at + timedelta(days=9):%Y-%m-%d}")
    seen(checking, f"inspecting-{width}")
    checking.locator("main form button[type=submit]").click()
    head.goto(watcher.url)
    head.get_by_role("link", name="登记改正").click()
    head.locator("textarea[name=words]").fill("已经撤销")
    head.locator("main form button[type=submit]").click()
    expect(head.get_by_text("已改正")).to_be_visible()
    seen(head, f"righted-{width}")
    anybody = enter(None, width)
    anybody.goto("/draws/")
    expect(anybody.get_by_text("下载公布的文件")).to_be_visible()
    seen(anybody, f"public-draws-{width}")
