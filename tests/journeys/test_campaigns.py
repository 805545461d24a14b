"""A campaign of each shipped plan, in a real browser: from opening it to the published item a citizen finds.

Each day of the plan with the fewest stages, and of one that has every kind of stage; nightly, of all.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.factories import campaigns
from tests.journeys.conftest import fits

from banshi.campaigns.actions import publish_decided
from banshi.campaigns.enums import BodyRole, PhaseKind, ReportedList
from banshi.campaigns.models import Campaign, Consultation
from banshi.campaigns.plan import plan_named
from banshi.catalog.models import Item
from banshi.core.clock import now
from banshi.ledger import System
from banshi.people.enums import DivisionLevel
from banshi.people.models import Division, Organ, User
from banshi.search.index import rebuild

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLACES = {
    "concentrated": ("990102", "示例县", DivisionLevel.COUNTY),
    "two-reports": ("9901", "示例市", DivisionLevel.CITY),
    "two-rounds": ("9901", "示例市", DivisionLevel.CITY),
    "three-rounds": ("99", "示例省", DivisionLevel.PROVINCE),
}


class City:
    """Those who act, and the one item that goes all the way."""

    def __init__(self, code: str) -> None:
        self.code, self.plan = code, plan_named(code)
        self.division: Division = make.division(*PLACES[code])
        self.office = self._organ("编办（组织）", kind="party")
        self.organizer = make.user("organizer", self.office, full_name="高组织")
        self.bureau = self._organ("教育局")
        self.clerk = make.user("clerk", self.bureau, full_name="李编写")
        self.head = make.user("head", self.bureau, full_name="周负责")
        self.item: Item = make.publication(of=make.item(self.bureau, make.guide("小学入学报名登记"))).item
        planned = [each for each in self.plan.bodies if each.each is None]  # no county here
        self.bodies = {each.code: self._organ(f"审核单位{n}") for n, each in enumerate(planned)}
        self.reviewers = {code: make.user("reviewer", organ) for code, organ in self.bodies.items()}

    def _organ(self, name: str, **more: Any) -> Organ:
        return make.organ(f"{self.division.name}{name}", division=self.division, **more)

    @property
    def campaign(self) -> Campaign:
        return Campaign.objects.get()

    @property
    def judges(self) -> list[User]:
        """Who review the bureau's items, the lead last."""
        lead, *joint = self.plan.bodies_for(self.bureau.kind, self.division.level)
        return [self.reviewers[each.code] for each in [*joint, lead]]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, marks=() if code in ("concentrated", "two-rounds") else pytest.mark.nightly)
        for code in PLACES
    ],
)
def test_from_opening_to_what_a_citizen_finds(
    code: str, live_server: Any, enter: Callable[..., Page], picture: Callable[..., None]
) -> None:
    city = City(code)
    look = Look(code, enter, picture)
    opened(city, look)
    for number in range(1, city.plan.rounds + 1):
        reported(city, look, number)
        if city.plan.consulted_round == number:
            consulted(city, look)
        judged(city, look, number)
    examined(city, look)
    if city.plan.has(PhaseKind.PUBLIC) and not city.plan.consulted_round:
        consulted(city, look)
    decided(city, look)
    published(city, look)


class Look:
    """One page of each person, and pictures of each desk."""

    def __init__(self, code: str, enter: Callable[..., Page], picture: Callable[..., None]) -> None:
        self.code, self.enter, self.picture = code, enter, picture
        self.pages: dict[User | None, Page] = {}

    def at(self, who: User | None, address: str, name: str, width: int = 1280) -> Page:
        page = self.pages.get(who) or self.pages.setdefault(who, self.enter(who, width=width))
        page.goto(address)
        self.picture(page, f"campaign-{self.code}-{name}")
        return page


def opened(city: City, look: Look) -> None:
    """The organizer chooses the plan, names the bodies, invites, starts."""
    page = look.at(city.organizer, "/work/campaigns/new/", "1-new")
    page.get_by_label("工作名称").fill("公共服务事项清理规范工作")
    page.locator(f'input[name="plan"][value="{city.code}"]').check()
    page.get_by_label("组织单位").select_option(str(city.office.pk))
    page.get_by_label("范围").select_option(city.division.pk)
    page.get_by_label("最后完成日期").fill((date.today() + timedelta(days=150)).isoformat())
    page.get_by_role("button", name="建好并倒排日期").click()
    expect(page.locator("#notices")).to_contain_text("已建好")
    here = f"/work/campaigns/{city.campaign.guid}/"
    page.goto(f"{here}bodies/")
    for body in city.campaign.bodies.all():
        page.locator(f'select[name="b{body.pk}-organ"]').select_option(str(city.bodies[body.code].pk))
    page.get_by_role("button", name="保存").click()
    page.goto(f"{here}units/")
    page.get_by_label(city.bureau.name).check()
    page.get_by_role("button", name="请勾选的单位参加").click()
    expect(page.locator("#notices")).to_contain_text("已请1个单位参加")
    page.goto(f"{here}open/")
    page.get_by_role("button", name="启动").click()
    expect(page.locator("#notices")).to_contain_text("已启动")
    campaigns.at_desk(city.campaign)
    look.picture(page, f"campaign-{city.code}-2-opened")


def reported(city: City, look: Look, number: int) -> None:
    """The clerk prepares, the head signs."""
    here = f"/work/reports/{city.campaign.participations.get().pk}/"
    page = look.at(city.clerk, here, f"3-unit-round-{number}")
    for annex in city.plan.annexes_of(number):
        if annex != ReportedList.LIBRARY:
            page.goto(f"{here}lists/{annex}/")
            if page.get_by_label("本单位一项也没有，原因").count():
                page.get_by_label("本单位一项也没有，原因").fill("本行业没有")
            page.get_by_role("button", name="就这样报").click()
            expect(page.locator("#notices")).to_contain_text(f"“{annex.label}”已报")
    page.goto(here)
    if number == 1:
        page.goto(f"{here}contacts/")
        for label, words in (("分管领导", "张分管"), ("牵头科室", "基础教育科"), ("经办人员", "李编写")):
            page.get_by_label(label).fill(words)
        page.get_by_role("button", name="保存").click()
        page.goto(f"{here}summary/")
        page.get_by_role("button", name="保存").click()
    elif not city.plan.reports_whole(number):
        expect(page.locator("main")).to_contain_text("请把材料再减一份")
    page = look.at(city.head, f"{here}sign/", f"4-sign-round-{number}")
    page.get_by_role("button", name="我已审阅，签字上报").click()
    expect(page.locator("#notices")).to_contain_text(f"第{number}轮已上报1项")


def judged(city: City, look: Look, number: int) -> None:
    """Each body gives its opinion; the lead sums up: back to the unit until the last round."""
    address = f"/work/desk/entries/{city.campaign.entries.get().guid}/"
    for place, who in enumerate(city.judges):
        page = look.at(who, address, f"5-desk-{place}-round-{number}")
        given(page)
    page.goto(address)
    last = number == city.plan.rounds
    passed = last or city.plan.reports_whole(number + 1)
    page.locator(f'input[name="conclusion"][value="{"pass" if passed else "return"}"]').check()
    if not passed:
        page.locator("#sum-asks").fill("请把材料再减一份")
    look.picture(page, f"campaign-{city.code}-6-sum-round-{number}")
    page.get_by_role("button", name="汇总，看下一项").click()
    expect(page.locator("#notices")).not_to_be_empty()
    assert city.campaign.entries.get().state == ("agreed" if last else "confirmed" if passed else "returned")


def given(page: Page) -> None:
    expect(page.locator(".claimed")).to_be_visible()
    page.get_by_role("button", name="各条都没有问题").click()
    page.get_by_role("button", name="提出意见，看下一项").click()
    expect(page.locator("#notices")).not_to_be_empty()


def examined(city: City, look: Look) -> None:
    """Experts and lawyers, where the plan has them, are sent the item by the lead and say what they think."""
    for body in city.plan.bodies:
        if body.role in (BodyRole.EXPERT, BodyRole.LEGAL):
            row = city.campaign.bodies.get(code=body.code)
            page = look.at(
                city.judges[-1], f"/work/desk/?campaign={city.campaign.guid}&show=agreed", f"7-send-{body.code}"
            )
            page.locator("input[data-choose]").first.check()
            page.get_by_role("button", name="送专家论证、合法性审查").click()
            page.locator(f'input[name="to"][value="body:{row.pk}"]').check()
            page.get_by_role("button", name="下一步").click()
            address = f"/work/desk/entries/{city.campaign.entries.get().guid}/"
            given(look.at(city.reviewers[body.code], address, f"8-{body.code}"))


def consulted(city: City, look: Look) -> None:
    """Shown to the public; a citizen objects on a phone and reads the answer."""
    here = f"/work/campaigns/{city.campaign.guid}/"
    page = look.at(city.organizer, f"{here}consultation/", "9-consultation")
    for name in ("opens", "closes"):
        page.locator(f'input[name="{name}"]').fill(now().date().isoformat())
    page.get_by_role("button", name="安排公示").click()
    citizen = look.at(None, "/consultations/", "10-public", width=390)
    citizen.locator("main a[href*='/consultations/']").first.click()
    citizen.get_by_role("link", name=city.item.name).click()
    assert fits(citizen)
    citizen.get_by_role("link", name="对这一项提意见").click()
    citizen.get_by_label("您的意见").fill("户口簿能不能不带？")
    citizen.get_by_role("button", name="提交意见").click()
    receipt = citizen.locator(".receipt").inner_text()
    page.goto(f"{here}consultation/")
    page.get_by_role("link", name="户口簿能不能不带？").click()
    page.locator('textarea[name="answer"]').fill("要核对户口，还得带。")
    page.locator('input[name="accepted"][value="0"]').check()
    page.get_by_label("公开意见和答复").check()
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("已答复")
    citizen.goto(f"/consultations/?receipt={receipt}")
    expect(citizen.locator("main")).to_contain_text("要核对户口，还得带。")
    look.picture(citizen, f"campaign-{city.code}-11-answer")
    yesterday = now().date() - timedelta(days=1)
    Consultation.objects.update(opens=yesterday, closes=yesterday)
    page.goto(f"{here}consultation/close/")
    page.get_by_label("意见采纳情况").fill("收到1条意见，已说明。")
    page.get_by_role("button", name="办结").click()
    expect(page.locator("#notices")).to_contain_text("公示已办结")


def decided(city: City, look: Look) -> None:
    page = look.at(city.organizer, f"/work/campaigns/{city.campaign.guid}/decide/", "12-decide")
    page.get_by_label("哪次会议审定").fill("第十次常务会议")
    page.get_by_label("开会日期").fill(now().date().isoformat())
    page.get_by_role("button", name="登记这1项的审定结果").click()
    expect(page.locator("#notices")).to_contain_text("已登记第十次常务会议的审定结果")


def published(city: City, look: Look) -> None:
    """Arranged for today; the background does it; people find it."""
    page = look.at(city.organizer, f"/work/campaigns/{city.campaign.guid}/publish/", "13-publish")
    page.get_by_role("button", name="安排公布").click()
    expect(page.locator("#notices")).to_contain_text("公布已安排")
    publish_decided(city.campaign, by=System("publish"), at=now())
    rebuild()
    citizen = look.at(None, "/search?q=小学入学", "14-found", width=390)
    citizen.get_by_role("link", name=city.item.name).first.click()
    expect(citizen.locator("h1")).to_contain_text(city.item.name)
    assert city.item.publications.get(until=None).number == 2
    assert "第十次常务会议" in city.item.publications.get(until=None).reason
