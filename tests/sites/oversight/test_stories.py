"""The whole story of a case, as the supervisor and as the applicant see it."""

import pytest
from django.test import Client
from tests import factories as make
from tests.cases.hall import accepted, hall, moment
from tests.factories import campaigns
from tests.factories.campaigns import campaign as make_campaign
from tests.sites.oversight.test_board import as_, text

from banshi.access import Visitor
from banshi.core.clock import now
from banshi.feedback.actions import file_complaint
from banshi.ledger import name_of, record
from banshi.ledger.anchors import anchor
from banshi.ledger.sealing import seal
from banshi.papers.queries import papers_about
from banshi.supervision.story import story_of_campaign, told_about
from banshi.supervision.warning import warn

pytestmark = pytest.mark.django_db


def test_one_page_tells_it_all_and_the_applicant_sees_no_supervision() -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    case = accepted(of, moment("11-02"))
    warn(at=moment("12-01", 7))
    watcher, mine, other = as_(supervisor), Client(), Client()
    for client, who in ((mine, of.citizen), (other, make.user())):
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    page, own = f"/oversight/cases/{case.pk}/", f"/my/cases/{case.pk}/story/"
    told = text(watcher.get(page))
    assert "受理" in told and "收件" in told and "监察发现的问题" in told
    shown = text(mine.get(own))
    assert "受理" in shown and "监察" not in shown.partition("全过程")[2].partition("自己核对")[0]
    assert other.get(own).status_code == 404 and as_(of.handler).get(page).status_code == 403
    assert mine.get(f"/my/cases/{case.pk}/receipt.json").status_code == 409
    seal(at=now())
    anchor(at=now())
    assert "受理" in text(mine.get("/my/story/")) and "受理" not in text(other.get("/my/story/"))
    item = f"/oversight/items/{of.item.guid}/story/"
    assert item in watcher.get(f"/work/items/{of.item.guid}/").content.decode()
    assert of.item.name in text(watcher.get(item)) and as_(of.handler).get(item).status_code == 403
    campaign = make_campaign()
    told = text(watcher.get(f"/oversight/campaigns/{campaign.pk}/story/"))
    assert f"清理规范工作{campaign.pk}的全过程" in told and "工作工作" not in told and "工作清理规范工作" not in told
    assert watcher.get("/oversight/nothing/1/story/").status_code == 404
    said = file_complaint("complaint", text="窗口没有人上班", organ=of.bureau, by=Visitor(), at=now())
    assert watcher.get(f"/oversight/complaints/{said.pk}/story/").status_code == 404, "numbers can be counted on from"
    assert said.number in text(watcher.get(f"/oversight/complaints/{said.guid}/story/"))
    assert as_(make.user("head", make.organ())).get(f"/oversight/complaints/{said.guid}/story/").status_code == 404
    answer = mine.get(f"/my/cases/{case.pk}/receipt.json")
    assert answer.status_code == 200 and answer.json()["entries"]


def test_each_line_says_what_it_is_about_and_stands_in_the_order_of_time() -> None:
    of = hall()
    late, early = accepted(of, moment("11-09")), accepted(of, moment("11-02"))
    mine, watcher = Client(), as_(make.user("supervisor", make.organ("示例县监察办")))
    mine.force_login(of.citizen, backend="allauth.account.auth_backends.AuthenticationBackend")
    told = text(mine.get("/my/story/"))
    assert told.count(f"{of.item.name}，办件{early.number}") == told.count(f"办件{late.number}") >= 3
    assert told.index(late.number) < told.index(early.number), "written later, but of an earlier day"
    paper = papers_about(early.number)[0]
    assert f"办件{early.number}，{paper}" in told
    lines = text(watcher.get(f"/oversight/cases/{early.pk}/")).partition("<h2>全过程")[2]
    assert f"出具文书：{paper}" in lines and early.number not in lines, "named above"


def test_the_story_of_a_campaign_names_units_stages_and_bodies() -> None:
    unit = campaigns.opened()
    campaign = unit.campaign
    record("campaigns.name_contacts", unit, by=make.TESTS, at=moment("11-02"))
    for rows in (campaign.stages.all(), campaign.bodies.all()):
        record("campaigns.move_stage", rows[0], by=make.TESTS, at=moment("11-02"))
    lines = told_about(story_of_campaign(campaign), within=campaign)
    assert {unit.organ.name, campaign.stages.all()[0].called} <= set(lines.values())
    assert all(lines[name_of(each)] for each in (unit, campaign.stages.all()[0], campaign.bodies.all()[0]))
