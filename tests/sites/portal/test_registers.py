"""What citizens see of registers: what may be asked for, whom they may choose, what was handed over to whom."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.factories import NOON, TESTS
from tests.factories import registers as lines

from banshi.core.clock import today
from banshi.registers.actions import examine_transfer, take_back, withdraw_transfer

pytestmark = pytest.mark.django_db
FREE = "找哪一家由您自己定"


def read(client: Client, address: str, status: int = 200) -> str:
    response: Any = client.get(address)
    assert response.status_code == status
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def test_a_service_shows_on_what_ground_at_whose_cost_and_by_whom(client: Client) -> None:
    it = lines.service(payer="office")
    lines.offer(lines.agency(name="示例环评公司"), it)
    shown = read(client, f"/intermediaries/{it.pk}/")
    for words in (it.basis, "您不用出钱", it.time_limit, "示例环评公司", "甲级", FREE):
        assert words in shown


def test_every_page_says_that_nobody_may_be_imposed(client: Client) -> None:
    it = lines.service()
    for address in ("/intermediaries/", "/intermediaries/agencies/", f"/intermediaries/{it.pk}/"):
        assert FREE in read(client, address)


def test_only_agencies_whose_registration_and_qualification_hold_are_shown(client: Client) -> None:
    it, yesterday = lines.service(), today() - timedelta(days=1)
    lines.offer(lines.agency(name="资质过期公司"), it, until=yesterday)
    lines.offer(lines.agency(name="登记过期公司", until=yesterday), it)
    lines.offer(lines.agency(name="退出公司", left_on=yesterday, left_why="注销"), it)
    lines.offer(lines.agency(name="有效公司", until=today()), it, until=today())
    shown = read(client, f"/intermediaries/{it.pk}/")
    assert "有效公司" in shown
    assert not any(name in shown for name in ("资质过期公司", "登记过期公司", "退出公司"))
    assert "退出公司" not in read(client, "/intermediaries/agencies/")


def test_a_service_cleared_away_may_not_be_asked_for(client: Client) -> None:
    it = lines.service(ended_on=date(2026, 1, 1), ended_by="国发〔2017〕8号")
    assert it.name not in read(client, "/intermediaries/")
    assert "任何单位都不得再要求" in read(client, f"/intermediaries/{it.pk}/", 404)


def test_services_and_agencies_are_found_by_any_of_their_words(client: Client) -> None:
    lines.service(name="环境影响评价"), lines.service(name="水土保持方案", approval="取水许可")
    assert "环境影响评价" not in read(client, "/intermediaries/?q=取水 方案")
    assert "水土保持方案" in read(client, "/intermediaries/?q=取水 方案")
    assert "说不出依据的，请拨打 12345" in read(client, "/intermediaries/?q=没有的")
    it = lines.agency(name="示例环评公司")
    assert it.name in read(client, f"/intermediaries/agencies/?q={it.uscc}")
    assert it.name not in read(client, "/intermediaries/agencies/?q=别的")


@pytest.mark.parametrize("many", [1, 3])
def test_pages_cost_the_same_however_long(client: Client, many: int) -> None:
    it = lines.service()
    for n in range(many):
        lines.offer(lines.agency(name=f"机构{n}"), it)
        lines.service(name=f"服务{n}")
    for address, budget in (
        ("/intermediaries/", 1),
        ("/intermediaries/agencies/", 2),
        (f"/intermediaries/{it.pk}/", 2),
    ):
        with CaptureQueriesContext(connection) as asked:
            read(client, address)
        assert len(asked) == budget, address


def test_a_long_list_goes_on(client: Client) -> None:
    for n in range(22):
        lines.service(name=f"服务{n:02d}")
    first: Any = client.get("/intermediaries/")
    second: Any = client.get(f"/intermediaries/?{first.context['page'].after}")
    assert len(first.context["page"].rows) + len(second.context["page"].rows) == 22


@pytest.mark.parametrize("what", ["services", "agencies"])
def test_both_registers_are_open_data(client: Client, what: str) -> None:
    lines.offer(lines.agency(name="=1+1公司"), lines.service(name="=2+2评价"))
    rows = list(csv.DictReader(io.StringIO(read(client, f"/intermediaries/{what}.csv").lstrip("\ufeff"))))
    told = json.loads(read(client, f"/intermediaries/{what}.json"))
    assert len(rows) == len(told["rows"]) == 1
    assert list(rows[0]) == told["names"]
    name = "中介服务" if what == "services" else "机构名称"
    assert rows[0][name].startswith("'=")
    assert told["rows"][0][name].startswith("=")


def test_other_files_there_are_none(client: Client) -> None:
    assert "没有这份数据" in read(client, "/intermediaries/passwords.csv", 404)


def test_the_approval_leads_to_its_guide_when_there_is_one(client: Client) -> None:
    it = make.publication().item
    shown = read(client, f"/intermediaries/{lines.service(item=it).pk}/")
    assert f"/items/{it.guid}/" in shown
    hidden = make.item()
    assert f"/items/{hidden.guid}/" not in read(client, f"/intermediaries/{lines.service(item=hidden).pk}/")


# Transferable functions


def test_a_function_shows_who_gave_it_who_took_it_and_what_was_said_of_it(client: Client) -> None:
    it = lines.handed_over(lines.transfer(make.publication().item))
    shown = read(client, "/transfers/")
    for words in (it.function, it.organ.called, it.receiver, it.receiver_uscc, "同意转移", "示编办〔2026〕5号"):
        assert words in shown
    assert it.item.name in shown and f"/items/{it.item.guid}/" in shown


def test_what_is_not_agreed_to_yet_or_was_refused_is_nobodys_business(client: Client) -> None:
    asked, refused, back = (lines.transfer(function=name) for name in ("等审核的", "不同意的", "撤回的"))
    examine_transfer(refused, agreed=False, opinion="不宜转移", document="", by=TESTS, at=NOON)
    withdraw_transfer(back, reason="再想想", by=TESTS, at=NOON)
    shown = read(client, "/transfers/") + read(client, "/transfers/transfers.csv")
    assert not any(each.function in shown for each in (asked, refused, back))


def test_an_item_the_public_does_not_know_is_not_named(client: Client) -> None:
    it = lines.handed_over(lines.transfer(make.item(text=make.guide("没公布的事项"))))
    shown = read(client, "/transfers/")
    assert it.function in shown and "没公布的事项" not in shown


def test_functions_are_found_by_word_and_by_how_they_stand(client: Client) -> None:
    taken = lines.handed_over(lines.transfer(function="职业技能考评"), receiver="示例焊接协会")
    back = lines.handed_over(lines.transfer(function="行业统计"))
    take_back(back, reason="协会已注销", by=TESTS, at=NOON)
    assert taken.function in read(client, "/transfers/?q=焊接 技能")
    assert taken.function not in read(client, "/transfers/?q=统计")
    shown = read(client, "/transfers/?state=taken_back")
    assert "协会已注销" in shown and taken.function not in shown
    assert "没有查到" in read(client, "/transfers/?state=agreed")
    assert taken.function in read(client, "/transfers/?state=nonsense")


def test_functions_are_open_data(client: Client) -> None:
    lines.handed_over(lines.transfer(function="=1+1"))
    [row] = csv.DictReader(io.StringIO(read(client, "/transfers/transfers.csv").lstrip("\ufeff")))
    [told] = json.loads(read(client, "/transfers/transfers.json"))["rows"]
    assert (row["可转移的职能"], told["可转移的职能"], told["状态"]) == ("'=1+1", "=1+1", "已转移")


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_of_functions_asks_once(client: Client, many: int) -> None:
    for n in range(many):
        lines.handed_over(lines.transfer(function=f"职能{n}"))
    with CaptureQueriesContext(connection) as asked:
        read(client, "/transfers/")
    assert len(asked) == 1
