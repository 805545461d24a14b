"""An owner publishes a resource; a bureau asks and is given it; a clerk verifies in a case; the person sees who looked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.cases.hall import a_guide, accepted, hall
from tests.exchange.office import PEOPLE, granted, office, register
from tests.journeys.conftest import fits_everywhere

from banshi.cases.actions import fetch_shared
from banshi.catalog.guide.document import Material
from banshi.core.clock import day_of, now
from banshi.exchange.actions import connect_system, load_resources
from banshi.exchange.call_log import verify_call_log
from banshi.exchange.declarations import declared_resources
from banshi.ledger import System

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seen(picture: Callable[..., None], is_accessible: Callable[[Page], None]) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        picture(page, f"sharing-{name}")

    return look


def test_data_travels_instead_of_people(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None], tmp_path: Path
) -> None:
    of, at = hall(), now()
    case = accepted(of, at)
    police = make.organ("示例市公安局", short_name="公安局")
    address = register(f"sqlite:///{tmp_path / 'police.sqlite3'}")
    connect_system(police, code="police", name="公安人口库", address=address, by=make.TESTS, at=at)
    load_resources([declared_resources()["GA-RK-001"]], by=make.TESTS, at=at)
    owner, authority = enter(make.user("data_steward", police)), enter(make.user("data_manager", make.organ()))
    asker, handler = enter(make.user("data_steward", of.bureau)), enter(of.handler)
    citizen = enter(of.citizen, 390)

    owner.goto("/work/data/")
    owner.get_by_role("link", name="户籍人口登记信息").click()
    seen(owner, "1-resource")
    owner.get_by_role("link", name="报送审核").click()
    owner.get_by_role("button", name="报送").click()
    authority.goto("/work/data/")
    authority.get_by_role("link", name="户籍人口登记信息").click()
    authority.get_by_role("link", name="审核发布").click()
    authority.get_by_role("button", name="审核通过，发布").click()
    expect(authority.locator(".notice.success")).to_be_visible()

    asker.goto("/work/data/")
    seen(asker, "2-catalogue")
    asker.get_by_role("link", name="户籍人口登记信息").click()
    asker.get_by_role("link", name="申请使用").click()
    for label in ("姓名", "公民身份号码", "户籍地址"):
        asker.get_by_label(label, exact=True).check()
    asker.get_by_label("使用依据").fill("《政务数据共享条例》第二十条")
    asker.get_by_label("使用范围").fill("本局经办人员")
    seen(asker, "3-ask")
    asker.get_by_label("用到哪一天").fill((day_of(at) + timedelta(days=300)).isoformat())
    asker.get_by_role("button", name="提交申请").click()
    expect(asker.locator(".error-summary")).to_contain_text("使用场景")
    expect(asker.get_by_label("使用范围")).to_have_value("本局经办人员")
    asker.get_by_label("使用场景").fill("核对户籍，不再要户口簿")
    asker.get_by_role("button", name="提交申请").click()
    expect(asker.locator(".notice.success")).to_be_visible()

    owner.goto("/work/data/requests/")
    seen(owner, "4-requests")
    owner.get_by_role("link", name="户籍人口登记信息").click()
    owner.get_by_role("link", name="同意…", exact=True).click()
    seen(owner, "5-agree")
    owner.get_by_role("button", name="同意").click()
    expect(owner.get_by_text("可以用", exact=True)).to_be_visible()
    seen(owner, "6-granted")

    handler.goto(f"/work/cases/{case.pk}/")
    handler.get_by_role("link", name="向别的单位核对").click()
    handler.get_by_label("户籍地址", exact=True).select_option(label="和下面写的核对")
    handler.get_by_label("户籍地址（自己写）").fill("示例市东样县例桥大道88号2栋301")
    handler.get_by_role("button", name="核验").click()
    expect(handler.locator(".notice[role=status]")).to_contain_text("户籍地址：一致")
    seen(handler, "7-verified")

    citizen.goto("/my/cases/")
    citizen.get_by_role("link", name="谁看过我的信息").click()
    expect(citizen.get_by_role("heading", name="示例县水利局向示例市公安局核验")).to_be_visible()
    expect(citizen.get_by_text(case.number)).to_be_visible()
    seen(citizen, "8-looks")

    citizen.get_by_role("link", name="这不对").click()
    seen(citizen, "10-dispute")
    citizen.get_by_label("哪里不对，应该是什么").fill("我的户籍已经迁到99号")
    citizen.get_by_role("button", name="请他们核实").click()
    expect(citizen.get_by_text("正在核实")).to_be_visible()
    owner.goto("/work/data/corrections/")
    seen(owner, "11-corrections")
    owner.get_by_role("link", name="户籍人口登记信息").click()
    owner.get_by_role("button", name="看写的内容").click()
    expect(owner.get_by_text("我的户籍已经迁到99号")).to_be_visible()
    seen(owner, "12-correction")
    owner.get_by_label("已更正").check()
    owner.get_by_label("核实的情况").fill("已按迁入登记更正")
    owner.get_by_role("button", name="答复").click()
    expect(owner.get_by_text("答复：已更正")).to_be_visible()

    citizen.goto("/my/looks/")
    expect(citizen.get_by_text("已按迁入登记更正")).to_be_visible()
    seen(citizen, "13-answered")

    owner.goto("/work/data/calls/")
    expect(owner.get_by_text("核验：一致")).to_be_visible()
    seen(owner, "9-calls")
    assert verify_call_log().count == 1


@pytest.mark.nightly
def test_a_record_is_fetched_into_a_case_where_nobody_hands_in_a_paper(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None], tmp_path: Path
) -> None:
    made, at, address = office(tmp_path), now(), PEOPLE[0][3]
    book = Material(name="户口簿", shared=True, shared_from="示例市公安局户籍人口登记信息")
    guide = a_guide("入学", materials=[Material(name="申请书"), book])
    made.of.publication = make.publication(make.item(made.of.bureau, guide), at=at - timedelta(days=30))
    case = accepted(made.of, at, positions=[0])
    fetch_shared(case, by=System("exchange"), at=now())
    handler, citizen = enter(made.of.handler), enter(made.of.citizen, 390)

    handler.goto(f"/work/cases/{case.pk}/")
    expect(handler.get_by_text("本单位还没有取得“户籍人口登记信息”的授权")).to_be_visible()
    seen(handler, "20-no-grant")
    granted(made, at, item=case.item, verify_only=False, unmasked=("address",))
    handler.get_by_role("button", name="再查一次").click()
    expect(handler.get_by_role("region", name="不用申请人交的材料")).to_contain_text(
        "取得了记录（姓名、公民身份号码、户籍地址）"
    )
    expect(handler.get_by_text(address)).to_have_count(0)
    seen(handler, "21-fetched")
    handler.get_by_role("button", name="看申请人和填写的内容").click()
    expect(handler.get_by_text(address).first).to_be_visible()
    seen(handler, "22-record")

    citizen.goto("/my/looks/")
    expect(citizen.get_by_role("heading", name="取用“户籍人口登记信息”")).to_be_visible()
    seen(citizen, "23-looks")
    assert verify_call_log().count == 2
