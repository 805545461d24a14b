"""A citizen follows a case on a phone and at a desk: supplements it by photograph, reads why a day, verifies the paper."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.cases import hall as halls
from tests.cases.hall import Hall, hall
from tests.journeys.conftest import fits_everywhere, portal_widths, staff_widths
from tests.uploads.pictures import photo

from banshi.cases.actions import Wanted, accept, request_supplement
from banshi.cases.models import Case
from banshi.cases.queries import code_of
from banshi.catalog.guide.document import Fee
from banshi.connectors.payment.fake import FakePaymentGateway
from banshi.core.clock import now
from banshi.core.gateways import gateway_address
from banshi.fees.actions import charge
from banshi.papers.queries import papers_about

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def asked(of: Hall) -> Case:
    """A case of the day before, of which one paper has to be photographed again."""
    yesterday = now() - timedelta(days=1)
    case = halls.submitted(of, yesterday)
    request_supplement(
        case, wanted=[Wanted("照片不清楚，请重拍，四角都在画面内", 0)], by=of.window, at=now() - timedelta(hours=1)
    )
    return case


@portal_widths
def test_a_supplement_is_photographed_sent_and_followed(
    width: int, asked: Case, of: Hall, enter: Callable[..., Page], is_accessible: Any, picture: Any, tmp_path: Path
) -> None:
    page = enter(of.citizen, width)
    page.goto("/my/cases/")
    page.get_by_role("link", name="取水许可").click()
    expect(page.get_by_role("heading", name="要您做的")).to_be_visible()
    is_accessible(page)
    picture(page, f"following-asked-{width}")
    first = tmp_path / "IMG_1.jpg"
    first.write_bytes(photo().file.getvalue())
    page.get_by_label("相册或文件：取水申请书").set_input_files([first, first])
    expect(page.get_by_text("已上传")).to_be_visible()
    page.get_by_role("button", name="都补齐了，提交").click()
    expect(page.get_by_text("已收件，待受理")).to_be_visible()
    asked.refresh_from_db()
    accept(asked, by=of.window, at=now())
    page.reload()
    page.get_by_text("为什么是这一天").first.click()
    expect(page.get_by_text("审查岗")).to_be_visible()
    assert fits_everywhere(page)
    is_accessible(page)
    picture(page, f"following-handled-{width}")


@portal_widths
def test_progress_without_an_account_and_the_paper_verified(
    width: int, asked: Case, enter: Callable[..., Page], is_accessible: Any, picture: Any
) -> None:
    page = enter(None, width)
    page.goto("/")
    page.get_by_role("link", name="查进度").click()
    page.get_by_label("办件编号").fill(asked.number)
    page.get_by_label("查询码").fill("AAAA")
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_text("对不上").first).to_be_visible()
    is_accessible(page)
    page.get_by_label("查询码").fill(code_of(asked).lower())
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_text("等您补正").first).to_be_visible()
    assert "林小例" not in page.content()
    assert fits_everywhere(page)
    is_accessible(page)
    picture(page, f"progress-{width}")
    paper = papers_about(asked.number).get(kind="supplement")
    page.goto(f"/verify/{paper.code}/")
    expect(page.get_by_text("没有撤销")).to_be_visible()
    assert fits_everywhere(page)
    is_accessible(page)
    picture(page, f"verify-{width}")


@staff_widths
def test_an_office_writes_its_words(
    width: int, of: Hall, enter: Callable[..., Page], is_accessible: Any, picture: Any
) -> None:
    page = enter(of.head, width)
    page.goto("/console/papers/")
    is_accessible(page)
    page.get_by_role("link", name="准予决定书").click()
    page.get_by_label("正文").fill("恭喜\n{没有的}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("第2行").first).to_be_visible()
    assert fits_everywhere(page)
    is_accessible(page)
    picture(page, f"paper-template-{width}")


@portal_widths
def test_a_fee_is_paid_online_though_the_gateway_goes_away_and_is_given_back(
    width: int, enter: Callable[..., Page], is_accessible: Any, picture: Any, settings: Any
) -> None:
    of = hall(fees=[Fee(name="考试费", standard="60元/人", basis="川发改价格〔2020〕1号")])
    case = halls.accepted(of, now() - timedelta(days=1))
    with FakePaymentGateway() as gateway:
        settings.PAYMENT = gateway_address(gateway.url)
        pay_by = (now() + timedelta(days=20)).date()
        order = charge(case, amounts={0: Decimal(60)}, pay_by=pay_by, by=of.handler, at=now())
        page = enter(of.citizen, width)

        def seen(name: str) -> None:
            assert fits_everywhere(page), name
            is_accessible(page)
            picture(page, f"paying-{width}-{name}")

        page.goto(f"/my/cases/{case.pk}/")
        gateway.troubles = [503]
        page.get_by_role("button", name="去缴费").click()
        expect(page.get_by_text("没有扣款")).to_be_visible()
        seen("1-away")
        page.get_by_role("link", name="返回刚才的页面").click()
        page.get_by_role("button", name="去缴费").click()
        expect(page.get_by_role("link", name="到支付平台缴费")).to_have_attribute("href", re.compile("/cashier/"))
        seen("2-to-the-gateway")
        page.get_by_role("button", name="缴好了，查结果").click()
        expect(page.get_by_text("还没有收到这笔缴费")).to_be_visible()
        seen("3-not-yet")
        gateway.pay(order.number)
        gateway.troubles = [503]
        page.get_by_role("button", name="缴好了，查结果").click()
        expect(page.get_by_text("已经缴过的请不要再缴")).to_be_visible()
        page.get_by_role("link", name="返回刚才的页面").click()
        page.get_by_role("button", name="缴好了，查结果").dblclick()
        expect(page.get_by_text("已经收到缴费")).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("缴费凭证"))).to_have_count(1)
        seen("4-paid")
        head = enter(of.head, 1280)
        head.goto(f"/work/cases/{case.pk}/fees/")
        head.get_by_role("link", name="退费").click()
        head.get_by_label("退费的原因").fill("缺考")
        head.get_by_role("button", name="退费").click()
        expect(head.get_by_text("已退费").first).to_be_visible()
        is_accessible(head)
        page.reload()
        expect(page.get_by_role("heading", name="费用60.00元")).to_contain_text("已退费")
        seen("5-given-back")
        assert gateway.refunded == {order.number: "60.00"}


@staff_widths
def test_a_fee_is_charged_by_the_list_and_read_by_who_pays(
    width: int, enter: Callable[..., Page], is_accessible: Any, picture: Any
) -> None:
    of = hall(fees=[Fee(name="考试费", standard="60元/人", basis="川发改价格〔2020〕1号")])
    case = halls.accepted(of, now() - timedelta(days=1))
    page = enter(of.handler, width)
    page.goto(f"/work/cases/{case.pk}/fees/")
    is_accessible(page)
    page.get_by_label("考试费").fill("60")
    page.get_by_label("缴费期限").fill("2099-01-01")
    page.get_by_role("button", name="开单并通知申请人").click()
    expect(page.get_by_text("60.00元").first).to_be_visible()
    assert fits_everywhere(page)
    is_accessible(page)
    picture(page, f"fees-{width}")
    page = enter(of.citizen, 390)
    page.goto(f"/my/cases/{case.pk}/")
    expect(page.get_by_text("请缴费60.00元")).to_be_visible()
    expect(page.get_by_role("link", name="缴费通知书")).to_be_visible()
    assert fits_everywhere(page)
    is_accessible(page)
    picture(page, "fees-own")
