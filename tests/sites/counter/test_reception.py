"""收件 pages: from the search in plain words to the number, as a clerk, a stranger and an agent."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.test import Client
from tests import factories as make
from tests.cases.hall import ANSWERS, Hall, hall
from tests.reception.counter import A_PIXEL, NAME, NUMBER, begun, mandated, signature

from banshi.cases.models import Case
from banshi.cases.queries import code_of
from banshi.catalog.guide.document import Material
from banshi.core.clock import now
from banshi.core.errors import BadInput
from banshi.papers.models import Paper
from banshi.papers.queries import unprintable_papers
from banshi.papers.tasks import print_papers
from banshi.people.models import Organ
from banshi.reception.models import Mandate, Reception
from banshi.search.index import rebuild

pytestmark = pytest.mark.django_db
SIGNED = "data:image/png;base64," + base64.b64encode(A_PIXEL).decode()


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def as_clerk(of: Hall, client: Client) -> Client:
    client.force_login(of.window)
    return client


def form_of(reception: Reception, **more: Any) -> dict[str, Any]:
    asked = " ".join(ANSWERS)
    return {"asked": asked, **ANSWERS, "original": ["0", "1"], "signature": SIGNED, "act": "accept", **more}


def test_from_plain_words_to_a_number(of: Hall, as_clerk: Client) -> None:
    rebuild()
    found = as_clerk.get("/counter/reception/", {"q": of.item.name})
    assert found.headers["Location"].startswith(f"/counter/reception/item/{of.item.guid}/")
    begun_at = as_clerk.post(found.headers["Location"], {"number": NUMBER, "name": NAME, "phone": ANSWERS["phone"]})
    address = begun_at.headers["Location"]
    page = as_clerk.get(address).content.decode()
    assert f'value="{NAME}"' in page and f'value="{NUMBER}"' in page  # filled in from the card
    handed = as_clerk.post(address, form_of(Reception.objects.get()))
    case = Case.objects.get()
    assert (handed.status_code, case.state) == (302, "handling")
    told = as_clerk.get(handed.headers["Location"]).content.decode()
    assert case.number in told and "打印收件凭证" in told and "水利局" in told


def test_wrong_numbers_are_told_beside_the_line_and_nothing_is_lost(of: Hall, as_clerk: Client) -> None:
    address = f"/counter/reception/item/{of.item.guid}/"
    page = as_clerk.post(address, {"number": "530102199003071212", "name": NAME})
    assert page.status_code == 422
    assert "身份证号码不对" in page.content.decode() and f'value="{NAME}"' in page.content.decode()


def test_what_is_typed_stays_when_it_cannot_be_handed_in(of: Hall, as_clerk: Client) -> None:
    reception = begun(of, now())
    page = as_clerk.post(f"/counter/reception/{reception.guid}/", form_of(reception, phone="12", original=[]))
    assert page.status_code == 422 and not Case.objects.exists()
    again = as_clerk.get(f"/counter/reception/{reception.guid}/").content.decode()
    assert 'value="12"' in again


def test_a_page_sent_twice_leads_to_the_same_number(of: Hall, as_clerk: Client) -> None:
    reception = begun(of, now())
    address = f"/counter/reception/{reception.guid}/"
    first = as_clerk.post(address, form_of(reception))
    again = as_clerk.post(address, form_of(reception))
    assert first.headers["Location"] == again.headers["Location"] and Case.objects.count() == 1


def test_what_is_missing_is_printed_for_who_goes_to_fetch_it(of: Hall, as_clerk: Client) -> None:
    reception = begun(of, now())
    page = as_clerk.get(f"/counter/reception/{reception.guid}/notice/").content.decode()
    assert "水资源论证报告" in page and "取水申请书" in page


def test_papers_are_printed_at_the_counter_and_the_look_is_kept(of: Hall, as_clerk: Client, settings: Any) -> None:
    reception = begun(of, now())
    as_clerk.post(f"/counter/reception/{reception.guid}/", form_of(reception))
    page = as_clerk.get(f"/counter/reception/{reception.guid}/done/")
    paper = page.context["papers"][0]
    sent = as_clerk.post(f"/counter/reception/{reception.guid}/papers/{paper.pk}/")
    assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert as_clerk.post(f"/counter/reception/{reception.guid}/papers/999/").status_code == 404


def test_with_printing_away_a_receipt_has_its_number_and_is_printed_once_it_is_back_from_whatever_place(
    of: Hall, as_clerk: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = BadInput("排版程序没有答复", remedy="请过一会儿再打。")
    monkeypatch.setattr("banshi.papers.printing.printed", Mock(side_effect=away))
    reception = begun(of, now())
    handed = as_clerk.post(f"/counter/reception/{reception.guid}/", form_of(reception))
    assert handed.status_code == 302, "taken in although nothing prints"
    case = Case.objects.get()
    done = as_clerk.get(handed.headers["Location"])
    assert case.number in done.content.decode() and code_of(case) in done.content.decode()
    paper = done.context["papers"][0]
    printing = f"/counter/reception/{reception.guid}/papers/{paper.pk}/"
    kiosk = {"number": case.number, "code": code_of(case), "paper": paper.pk}
    for told in (as_clerk.post(printing), Client().post("/hall/results/", kiosk)):
        assert told.status_code == 409 and "记下编号" in told.content.decode()
    print_papers.func(now().isoformat())
    assert paper in unprintable_papers(Organ.objects.all()), "whoever answers for it sees it"
    monkeypatch.undo()
    found = as_clerk.get("/counter/reception/", {"q": case.number})
    assert found.headers["Location"] == handed.headers["Location"]
    for sent in (as_clerk.post(printing), Client().post("/hall/results/", kiosk)):
        assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    paper.refresh_from_db()
    assert paper.print_error == "" and Paper.objects.filter(number=paper.number).count() == 1


@pytest.mark.parametrize("page", ["", "done/", "notice/"])
def test_strangers_find_nothing_there(of: Hall, client: Client, page: str) -> None:
    reception = begun(of, now())
    client.force_login(make.user("window", make.organ(division=make.division("990203", "远方县"))))
    assert client.get(f"/counter/reception/{reception.guid}/{page}").status_code == 404
    client.force_login(of.citizen)
    assert client.get(f"/counter/reception/{reception.guid}/{page}").status_code == 404
    assert client.get("/counter/reception/").status_code == 403


def test_a_draft_given_up_is_gone_from_the_list(of: Hall, as_clerk: Client) -> None:
    reception = begun(of, now())
    assert str(reception.guid) in as_clerk.get("/counter/reception/").content.decode()
    as_clerk.post(f"/counter/reception/{reception.guid}/discard/")
    assert str(reception.guid) not in as_clerk.get("/counter/reception/").content.decode()


def test_an_agent_registers_consent_and_acts_for_the_person(of: Hall, client: Client) -> None:
    agent = make.user("agent", of.bureau, full_name="李帮办")
    client.force_login(agent)
    until = now().date().replace(month=12, day=31).isoformat()
    given = {"name": NAME, "number": NUMBER, "phone": "", "matters": "办取水许可", "until": until}
    wrong = client.post("/counter/mandates/", given)
    assert wrong.status_code == 422 and "委托书的照片" in wrong.content.decode()
    assert client.post("/counter/mandates/", {**given, "paper": signature()}).status_code == 302
    mandate = agent.mandates_held.get()
    began = client.post(f"/counter/reception/item/{of.item.guid}/", {"mandate": mandate.pk})
    handed = client.post(began.headers["Location"], form_of(Reception.objects.get(), act="receive"))
    case = Case.objects.get()
    assert handed.status_code == 302 and (case.agent, case.state) == (agent, "received")
    assert "李帮办受" in client.get(handed.headers["Location"]).content.decode()
    asked = client.get(f"/counter/mandates/{mandate.guid}/end/").content.decode()
    assert "要再替他办" in asked and NAME not in asked and not Mandate.objects.exclude(ended_at=None).exists()
    client.post(f"/counter/mandates/{mandate.guid}/end/")
    assert client.post(f"/counter/reception/item/{of.item.guid}/", {"mandate": mandate.pk}).status_code == 422
    assert b"".join(client.post(f"/counter/mandates/{mandate.guid}/paper/").streaming_content)  # type: ignore[attr-defined]


def test_a_mandate_of_another_agent_is_not_there(of: Hall, client: Client) -> None:
    mandate = mandated(make.user("agent", of.bureau), now(), now())
    client.force_login(make.user("agent", of.bureau))
    assert client.post(f"/counter/mandates/{mandate.guid}/end/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    of: Hall, as_clerk: Client, rows: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(rows):
        begun(of, now())
    as_clerk.get("/counter/reception/")
    with django_assert_max_num_queries(16):
        assert as_clerk.get("/counter/reception/").status_code == 200


def test_a_place_no_list_has_breaks_no_page(of: Hall, as_clerk: Client) -> None:
    reception = begun(of, now())
    sent = as_clerk.post(f"/counter/reception/{reception.guid}/", form_of(reception, original="9" * 5000))
    assert sent.status_code in (200, 422)


def test_an_account_online_is_opened_for_whoever_stands_there_once(of: Hall, as_clerk: Client) -> None:
    reception = begun(of, now())
    as_clerk.post(f"/counter/reception/{reception.guid}/", form_of(reception))
    done = f"/counter/reception/{reception.guid}/done/"
    assert "开通网上账号" in as_clerk.get(done).content.decode()
    address = f"/counter/reception/{reception.guid}/account/"
    for unfit in ("a b", "13900000001", NUMBER, f"{NAME}的号"):
        assert as_clerk.post(address, {"username": unfit}).status_code == 422
    told = as_clerk.post(address, {"username": "lin-0307"})
    _, password = told.context["account"]
    person = Reception.objects.get().person
    assert person.check_password(password) and person.must_change_password and person.username == "lin-0307"
    assert password not in as_clerk.get(done).content.decode(), "told once"
    again = as_clerk.post(address, {"username": "lin-0308"})
    assert again.status_code == 422 and "已经有网上账号" in again.content.decode()


def test_no_account_is_opened_before_the_person_has_signed_and_handed_in(of: Hall, as_clerk: Client) -> None:
    reception = begun(of, now())
    told = as_clerk.post(f"/counter/reception/{reception.guid}/account/", {"username": "lin-0307"})
    assert told.status_code == 422 and "还没有" in told.content.decode()
    assert not Reception.objects.get().person.has_usable_password()


def test_a_person_sees_who_may_act_for_them_and_ends_it(of: Hall, client: Client) -> None:
    agent = make.user("agent", of.bureau)
    mandate = mandated(agent, now() + timedelta(days=30), now())
    client.force_login(mandate.person)
    page = client.get("/my/mandates/").content.decode()
    assert "申请高龄津贴" in page and f"/my/mandates/{mandate.guid}/end/" in page
    assert client.get(f"/my/mandates/{mandate.guid}/paper/").status_code == 200
    other = Client()
    other.force_login(of.citizen)
    assert other.post(f"/my/mandates/{mandate.guid}/end/").status_code == 404
    assert client.post(f"/my/mandates/{mandate.guid}/end/").status_code == 302
    mandate.refresh_from_db()
    assert mandate.ended_by == mandate.person


def test_a_guide_changed_while_the_clerk_fills_in_is_shown_and_handed_in_at_the_second_press(
    of: Hall, as_clerk: Client
) -> None:
    reception = begun(of, now())
    make.publication(of.item, of.guide.model_copy(update={"materials": [*of.guide.materials, Material(name="新加的")]}))
    page = f"/counter/reception/{reception.guid}/"
    told = as_clerk.post(page, form_of(reception, act="receive"))
    assert told.status_code == 422 and "的办事指南在您填写期间改过" in told.content.decode()
    assert NAME in told.content.decode() and "新加的" in told.content.decode() and not Case.objects.exists()
    originals = [str(place) for place in range(len(of.guide.materials) + 1)]
    assert as_clerk.post(page, form_of(reception, act="receive", original=originals)).status_code == 302
    assert Case.objects.get().publication.until is None


def test_a_phone_told_now_stands_in_the_form_although_the_person_came_before_without_one(
    of: Hall, as_clerk: Client
) -> None:
    page = f"/counter/reception/item/{of.item.guid}/"
    as_clerk.post(page, {"number": NUMBER, "name": NAME, "phone": ""})
    as_clerk.force_login(make.user("window", of.bureau))
    again = as_clerk.post(page, {"number": NUMBER.lower(), "name": NAME, "phone": "139 0013 9000"}).headers["Location"]
    assert 'value="13900139000"' in as_clerk.get(again).content.decode()
