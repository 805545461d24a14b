"""What several requests at once would make twice is made once: the others are told, or get the same."""

from collections.abc import Callable
from copy import copy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models
from django.utils.functional import SimpleLazyObject

from banshi.access import Visitor
from banshi.campaigns import actions as of_campaigns
from banshi.campaigns.models import Bulletin, Campaign, Comment, Conference, Order, ReviewGroup
from banshi.catalog.actions import publish_notice
from banshi.catalog.models import Notice
from banshi.clients.actions import register_system, renew_secret
from banshi.clients.models import Client
from banshi.connectors.models import Webhook
from banshi.connectors.webhook.actions import set_webhook
from banshi.core.errors import BanshiError, Conflict
from banshi.exchange.actions import raise_demand, request_data
from banshi.exchange.actions.demanding import WantedData
from banshi.exchange.actions.requesting import Asked
from banshi.exchange.models import DataRequest, Demand
from banshi.feedback.actions import file_complaint
from banshi.feedback.models import Complaint
from banshi.papers.actions import write_template
from banshi.papers.models import PaperTemplate
from banshi.people.actions import reset_password
from banshi.rulebook.actions import LegalBasis, keep_proof, object_to_proof, record_hearing
from banshi.rulebook.models import Hearing, Objection
from banshi.search.actions import add_synonym
from banshi.search.models import Synonym
from banshi.supervision.actions import prepare_draw
from banshi.supervision.models import InspectionDraw
from banshi.window.actions import record_question, renew_kiosk_address
from banshi.window.models import FirstQuestion
from tests import factories as make
from tests.at_once import at_once
from tests.factories import NOON, TESTS, campaigns, exchange
from tests.window.hall import town

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[int], Any]
Made = tuple[type[models.Model], Act]
"""What is counted, and the act of each of several people."""


def a_campaign() -> Made:
    place = make.division()
    organ, plan = campaigns.organizing(place), campaigns.plan()
    given = {"name": "清理规范", "organ": organ, "division": place, "plan": plan, "final": campaigns.FINAL}
    return Campaign, lambda _: of_campaigns.create_campaign(**given, by=TESTS, at=NOON)


def a_bulletin() -> Made:
    of = campaigns.opened().campaign
    return Bulletin, lambda _: of_campaigns.draw_up_bulletin(of, opening="各单位：", by=TESTS, at=NOON)


def an_order() -> Made:
    unit = campaigns.opened()
    given = {"text": "补报", "due": NOON.date() + timedelta(days=9)}
    return Order, lambda _: of_campaigns.order_rectification(unit, **given, by=TESTS, at=NOON)


def a_group() -> Made:
    body = campaigns.campaign().bodies.first()
    assert body is not None
    members = [campaigns.reviewer_of(body)]
    return ReviewGroup, lambda _: of_campaigns.form_group(body, label="东片", members=members, by=TESTS, at=NOON)


def a_conference() -> Made:
    of = campaigns.campaign()
    given = {"held_on": NOON.date(), "members": ["编办", "司法局"], "agenda": "争议", "minutes": "保留"}
    return Conference, lambda _: of_campaigns.hold_conference(of, **given, by=TESTS, at=NOON)


def a_draw() -> Made:
    organ = make.organ()
    given = {"title": "十一月抽查", "kind": "cases", "count": 2, "checklist": ["材料", "时限"]}
    return InspectionDraw, lambda _: prepare_draw(organ, **given, by=TESTS, at=NOON)  # type: ignore[arg-type]


def a_question() -> Made:
    of = town()
    at = of.later()
    return FirstQuestion, lambda _: record_question(of.hall, text="医保在哪办", by=of.clerks[0], at=at)


def a_template() -> Made:
    organ = make.organ()
    return PaperTemplate, lambda _: write_template("acceptance", organ=organ, text="我局写法", by=TESTS, at=NOON)


def a_notice() -> Made:
    organ = make.organ()
    return Notice, lambda _: publish_notice(organ=organ, title="停电", body="周一停电", by=TESTS, at=NOON)


def a_system() -> Made:
    organ = make.organ()
    given = {"name": "审批系统", "permissions": ["item.view"]}
    return Client, lambda _: register_system(organ, **given, by=TESTS, at=NOON)  # type: ignore[arg-type]


def a_demand() -> Made:
    organ = make.organ()
    data = WantedData("婚姻登记", scene="办低保", basis="社会救助暂行办法", items="姓名")
    return Demand, lambda _: raise_demand(organ, data=data, by=TESTS, at=NOON)


def a_request() -> Made:
    of, organ = exchange.resource(make.organ(), "R1", "婚姻登记"), make.organ()
    asked = Asked(fields=("name",), basis="依据", scene="办低保", scope="窗口", until=date(2027, 12, 31))
    return DataRequest, lambda _: request_data(of, organ=organ, asked=asked, by=TESTS, at=NOON)


def a_proof() -> Any:
    basis = LegalBasis(title="《户口登记条例》", articles="第八条")
    return keep_proof(make.published_item(), name="证明", issuer="某局", basis=basis, by=TESTS, at=NOON)


def a_hearing() -> Made:
    proof = a_proof()
    given = {"kind": "opinions", "held_on": NOON.date(), "who": "居民代表4人", "conclusion": "保留"}
    return Hearing, lambda _: record_hearing(proof, **given, by=TESTS, at=NOON)  # type: ignore[arg-type]


def an_objection() -> Made:
    proof = a_proof()
    return Objection, lambda _: object_to_proof(proof, text="户口簿上有", by=Visitor(), at=NOON)


def a_comment() -> Made:
    unit = campaigns.opened("public-after-review")
    campaigns.agreed(unit)
    shown = campaigns.showing(unit.campaign)
    at = NOON.replace(year=shown.opens.year, month=shown.opens.month, day=shown.opens.day)
    return Comment, lambda _: of_campaigns.comment_on(shown, text="建议网上办", by=Visitor(), at=at)


def a_complaint() -> Made:
    organ = make.organ()
    given = {"text": "窗口没有人，等了一上午", "organ": organ, "name": "张三", "contact": "13800000000"}
    return Complaint, lambda _: file_complaint("complaint", **given, by=Visitor(), at=NOON)  # type: ignore[arg-type]


def a_synonym() -> Made:
    who = make.user("admin", make.organ())
    return Synonym, lambda _: add_synonym(term="办个本本", means=["登记"], by=who, at=NOON)


CREATING = [
    a_campaign, a_bulletin, an_order, a_group, a_conference, a_draw, a_question, a_template, a_notice, a_system,
    a_demand, a_request, a_hearing, an_objection, a_comment, a_complaint, a_synonym,
]  # fmt: skip


@pytest.mark.parametrize("world", CREATING)
def test_of_four_who_make_the_same_at_once_one_makes_it(world: Callable[[], Made]) -> None:
    model, act = world()
    before = model._default_manager.count()
    got = at_once(act, people=4)
    assert model._default_manager.count() == before + 1
    told = [each for each in got if isinstance(each, BanshiError)]
    assert len(told) == 3 or len({each.pk for each in got}) == 1
    assert all(each.message for each in told)


def test_of_four_who_change_one_secret_at_once_one_is_told_it() -> None:
    user = make.user("clerk", make.organ())
    got = at_once(lambda _: reset_password(copy(user), by=TESTS, at=NOON), people=4)
    [password] = [each for each in got if isinstance(each, str)]
    user.refresh_from_db()
    assert user.check_password(password)
    client, _ = register_system(make.organ(), name="审批系统", permissions=["item.view"], by=TESTS, at=NOON)
    seen = Client.objects.get(pk=client.pk)
    got = at_once(lambda _: renew_secret(seen, by=TESTS, at=NOON), people=4)
    assert sorted(isinstance(each, Conflict) for each in got) == [False, True, True, True]
    set_webhook(client, url="https://example.com/a", by=TESTS, at=NOON)
    hook = Webhook.objects.get()
    given = {"url": "https://example.com/b", "new_secret": True, "instead_of": hook}
    got = at_once(lambda _: set_webhook(client, **given, by=TESTS, at=NOON), people=4)  # type: ignore[arg-type]
    assert sorted(isinstance(each, Conflict) for each in got) == [False, True, True, True]
    hall = town().hall
    got = at_once(lambda _: renew_kiosk_address(hall, by=TESTS, at=NOON), people=4)
    assert sorted(isinstance(each, Conflict) for each in got) == [False, True, True, True]


def test_what_may_be_said_again_is_taken_again_later() -> None:
    of = town()
    for minutes in (1, 5, 5):
        record_question(of.hall, text="医保在哪办", by=of.clerks[0], at=of.later(minutes))
    record_question(of.hall, text="医保在哪办", by=of.clerks[1], at=of.later(0))
    proof = a_proof()
    for seconds in (0, 11, 22):
        object_to_proof(proof, text="户口簿上有", by=Visitor(), at=NOON + timedelta(seconds=seconds))
    object_to_proof(proof, text="户口簿上有", contact="13800000000", by=Visitor(), at=NOON)
    assert (FirstQuestion.objects.count(), Objection.objects.count()) == (4, 4)


def test_the_person_of_a_request_is_held_as_any_other() -> None:
    who = make.user("admin", make.organ())
    lazy: Any = SimpleLazyObject(lambda: who)
    add_synonym(term="办个本本", means=["登记"], by=lazy, at=NOON)
    assert Synonym.objects.count() == 1
