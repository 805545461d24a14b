"""Pages of data sharing as owner, asker, stranger and nobody, with the questions they ask the database."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.cases.hall import a_guide, moment, submitted
from tests.exchange.office import Office, asked, case_in_hand, granted, office
from tests.factories.exchange import logged

from banshi.cases.actions import fetch_shared
from banshi.cases.models import FetchedMaterial
from banshi.catalog.guide.document import Material
from banshi.core.clock import now
from banshi.exchange.actions import (
    WantedData,
    agree,
    ask_extension,
    complete_request,
    deliver_data,
    raise_demand,
    tell_lacking,
    verify,
)
from banshi.exchange.actions.requesting import Granting
from banshi.exchange.models import Anomaly, CallRecord, Correction, DataRequest, DataSystem, Grant
from banshi.ledger import System
from banshi.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


def as_(who: User) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session.update({"staff": True, "ready": True})
    session.save()
    return client


def status(who: User, address: str) -> int:
    return int(as_(who).get(address).status_code)


def queries(who: User, address: str) -> int:
    client = as_(who)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_item_a_request_is_for_is_chosen(of: Office) -> None:
    address = reverse("workbench:data_resource-ask", args=[of.resource.pk])
    item = of.of.item
    given = {
        "organ": item.organ_id,
        "fields_": list(of.resource.labels)[:1],
        "item": item.pk,
        "basis": "条例第二十条",
        "scene": "办证",
    }
    sent = {**given, "scope": "窗口", "monthly_volume": "10", "until": "2027-12-31"}
    assert as_(of.asker).post(address, sent).status_code == 302
    assert DataRequest.objects.latest("pk").item == item


def test_a_request_is_seen_by_both_sides_and_the_authority_alone(of: Office) -> None:
    address = f"/work/data/requests/{asked(of, now()).pk}/"
    assert [status(who, address) for who in (of.steward, of.asker, of.authority)] == [200, 200, 200]
    assert status(make.user("data_steward", make.organ()), address) == 404
    assert status(make.user("clerk", make.organ()), address) == 403
    assert Client().get(address).status_code == 302


def test_an_entry_in_preparation_is_its_owners_and_the_authoritys(of: Office) -> None:
    type(of.resource).objects.update(state="draft")
    address = f"/work/data/{of.resource.pk}/"
    assert [status(who, address) for who in (of.steward, of.authority, of.asker)] == [200, 200, 404]


@pytest.mark.parametrize(("act", "may"), [("submit", "steward"), ("withdraw", "steward"), ("publish", "authority")])
def test_only_who_may_act_on_an_entry_is_asked_whether_to(of: Office, act: str, may: str) -> None:
    """Though everybody may read a published one; how much of it is granted stands in the question."""
    address = f"/work/data/{of.resource.pk}/{act}/"
    assert status(getattr(of, may), address) == 200
    assert [status(who, address) for who in (of.asker, make.user())] == [403, 403]


def test_the_page_of_a_request_says_the_number_and_terms_of_its_grant_and_how_it_stands(of: Office) -> None:
    """An ended one is not 可以用, and a system writes the number into its calls."""
    terms = {"fields": ("name", "address"), "verify_only": False, "in_batches": True, "unmasked": ("name",)}
    grant = granted(of, now(), **terms)
    address = f"/work/data/requests/{grant.request_id}/"

    def page(path: str = address) -> str:
        return " ".join(as_(of.asker).get(path).content.decode().split())

    assert f"<dt>授权编号</dt> <dd>{grant.pk} " in page() and "核验、取数据、整批取，每天最多1000次" in page()
    assert "户籍地址打码，姓名给原文" in page() and "可以用</span>" in page()
    Grant.objects.update(since=date(2026, 1, 1), until=date(2026, 6, 30))
    assert "已到期</span>" in page() and "可以用</span>" not in page()
    assert "已到期</span>" in page("/work/data/requests/")
    DataRequest.objects.update(delivered_at=None)
    Grant.objects.update(until=date(2027, 6, 30))
    assert "还没有提供</span>" in page()


def test_the_organ_objects_to_what_its_own_system_was_told_or_took_in_a_batch(of: Office) -> None:
    """No case here is of it, so that the call log is where it is said; others, the owner too, are not asked."""
    grant = granted(of, now())
    answered = {"grant": grant, "resource": of.resource, "organ": of.of.bureau, "clerk": "client:1/唐学籍"}
    call = logged(CallRecord(**answered, at=now(), purpose="external:1/学籍-7", kind="look_up", outcome="answered"))
    address = f"/work/data/calls/{call.number}/dispute/"
    assert address in as_(of.asker).get("/work/data/calls/").content.decode()
    assert address not in as_(of.steward).get("/work/data/calls/").content.decode()
    assert [status(who, address) for who in (of.steward, make.user("data_steward", make.organ()))] == [404, 404]
    assert as_(of.asker).post(address, {"words": "学籍-7的出生日期和户口簿不同"}).status_code == 302
    raised = Correction.objects.get()
    assert (raised.call, raised.raised_by, raised.organ) == (call, of.asker, of.of.bureau)


def today(who: User) -> str:
    """What the page of the day says of data sharing, without the news beside it."""
    page = as_(who).get("/work/").content.decode()
    return page.partition('id="sharing"')[2].partition("</section>")[0]


def test_a_request_stands_on_the_page_of_the_day_of_whose_turn_it_is(of: Office) -> None:
    """The owner's to answer, who asked's to complete, the authority's to let be answered later, the owner's to provide."""
    request = asked(of, now())
    link = f"/work/data/requests/{request.pk}/"

    def whose_turn() -> list[str]:
        people = {"steward": of.steward, "asker": of.asker, "authority": of.authority}
        return [name for name, who in people.items() if link in today(who)]

    assert whose_turn() == ["steward"] and "等着答复" in today(of.steward)
    tell_lacking(request, lacking="写明每月几次", by=of.steward, at=now())
    assert whose_turn() == ["asker"] and "要补充：写明每月几次" in today(of.asker)
    complete_request(request, scene="每月30次", by=of.asker, at=now())
    ask_extension(request, reason="要同省厅核对", by=of.steward, at=now())
    assert whose_turn() == ["steward", "authority"] and "要同省厅核对" in today(of.authority)
    DataSystem.objects.update(active=False)
    agree(request, granting=Granting(("address",), request.wanted_until), by=of.steward, at=now())
    assert whose_turn() == ["steward"] and "等着提供数据" in today(of.steward)
    deliver_data(request, by=of.steward, at=now())
    assert whose_turn() == []


def test_demands_and_unusual_calls_stand_on_the_page_of_the_day_of_who_answers_for_them(of: Office) -> None:
    wanted = WantedData("残疾人证信息", scene="入学", basis="条例第二十条", items="姓名")
    demand = raise_demand(of.of.bureau, data=wanted, by=of.asker, at=now())
    words = {"rule": "night", "label": "夜里查询", "words": "许入学在夜里查了8次。", "clerk": of.asker.ledger_id}
    moments = dict.fromkeys(("since", "until", "found_at"), now())
    found = Anomaly.objects.create(**words, **moments, clerk_name="许入学", organ=of.of.bureau, count=8, numbers=[1])
    shown = today(of.authority)
    assert f"/work/data/demands/{demand.pk}/" in shown and f"/console/exchange/anomalies/{found.pk}/" in shown
    assert "残疾人证信息" not in today(of.steward) and "夜里查询" not in today(of.steward)


@pytest.mark.parametrize(
    ("address", "budget"), [("/work/data/", 13), ("/work/data/requests/", 14), ("/work/data/calls/", 13)]
)
def test_lists_ask_as_often_for_three_rows_as_for_one(of: Office, address: str, budget: int) -> None:
    case, grant = case_in_hand(of, now()), granted(of, now())

    def called() -> Any:
        claims = {"name": "林小例"}
        return verify(grant, kind="case", key=case.pk, role="申请人", claims=claims, by=of.of.handler, at=now())

    called()
    one = queries(of.asker, address)
    for scene in ("核对户籍", "核对婚姻"):
        called()
        asked(of, moment("03-02"), scene=scene)
    assert one == queries(of.asker, address) <= budget


def test_the_check_page_says_why_not(of: Office) -> None:
    case = case_in_hand(of, now())
    granted(of, now())
    assert "现在不由您办" in as_(of.of.window).get(f"/work/cases/{case.pk}/checks/").content.decode()
    assert status(make.user("handler", make.organ()), f"/work/cases/{case.pk}/checks/") == 404


def test_a_look_at_the_page_gives_nothing_personal_away(of: Office) -> None:
    case = case_in_hand(of, now())
    granted(of, now())
    page = as_(of.of.handler).get(f"/work/cases/{case.pk}/checks/").content.decode()
    assert "核验谁" in page and "林小例" not in page and "530102199003071211" not in page


def test_nothing_a_clerk_chose_to_compare_is_left_out_of_it_in_silence(of: Office) -> None:
    """Nor is what was typed compared though the choice says 不核对."""
    case, grant = case_in_hand(of, now()), granted(of, now())
    address, name = f"/work/cases/{case.pk}/checks/", f"g{grant.pk}-"

    def verified(**given: str) -> str:
        sent = {"role": "申请人", "from_name": "name", **given}
        told = {f"{name}{each}": text for each, text in sent.items()}
        return as_(of.of.handler).post(address, {"grant": grant.pk, **told}).content.decode()

    assert "还没有写" in verified(from_address="own", text_address=" ")
    assert "请选“和下面写的核对”" in verified(from_address="", text_address="例桥大道88号2栋301")
    assert not CallRecord.objects.exists()
    assert "户籍地址：" in verified(from_address="own", text_address="示例市东样县例桥大道88号2栋301")
    assert CallRecord.objects.get().fields == ["name", "address"]
    assert "户籍人口登记信息（申请人）：姓名、户籍地址" in as_(of.of.handler).get(address).content.decode()


def test_a_case_shows_what_sharing_gave_and_the_clerk_objects_or_asks_again(of: Office) -> None:
    shared = Material(name="户口簿", shared=True, shared_from="户籍人口登记信息")
    guide = a_guide("入学", materials=[shared])
    of.of.publication = make.publication(make.item(of.of.bureau, guide), at=moment("01-05"))
    granted(of, now(), fields=("name", "number"))
    case = submitted(of.of, now(), positions=[], applicant_name="林小例")
    page = f"/work/cases/{case.pk}/"
    handler = as_(of.of.window)
    fetch_shared(case, by=System("exchange"), at=now())
    FetchedMaterial.objects.update(outcome="mismatch", said="和登记的不一致，请同申请人核实")
    shown = handler.get(page).content.decode()
    assert "户口簿" in shown and "和登记的不一致" in shown and "再查一次" in shown
    assert "本来不用交，但和登记的不一致" in handler.get(f"{page}act/supplement/").content.decode()
    objected = handler.post(f"{page}checks/1/dispute/", {"words": "户口簿上不是这样"})
    assert objected.status_code == 302 and Correction.objects.get().raised_by == of.of.window
    again = handler.post(f"{page}checks/1/dispute/", {"words": "户口簿上不是这样"})
    assert again.status_code == 422 and "已经在核实" in again.content.decode()
    assert status(make.user("handler", make.organ()), f"{page}checks/1/dispute/") == 404
    assert handler.post(f"{page}fetch/").status_code == 302
    assert (
        FetchedMaterial.objects.get().outcome == "match" and "一致，不用申请人交" in handler.get(page).content.decode()
    )
