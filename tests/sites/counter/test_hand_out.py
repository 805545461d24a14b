"""出件 pages: on the shelf, handed out, sent, and printed at the kiosk with the code."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.cases.hall import Hall, fresh, hall
from tests.factories.bundles import bundle
from tests.handout.test_hand_out import decided, shelved
from tests.reception.counter import A_PIXEL, NAME, NUMBER
from tests.window.hall import town

from banshi.bundles.models import BundlePart, BundleSubmission
from banshi.cases.queries import code_of
from banshi.core.clock import now
from banshi.handout.models import HandOut
from banshi.ledger.models import LedgerEntry
from banshi.window.kiosk_address import kiosk_key

pytestmark = pytest.mark.django_db
SIGNED = "data:image/png;base64," + base64.b64encode(A_PIXEL).decode()


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def as_clerk(of: Hall, client: Client) -> Client:
    client.force_login(of.window)
    return client


def test_shelved_found_again_and_handed_over(of: Hall, as_clerk: Client) -> None:
    case = decided(of)
    assert case.number in as_clerk.get("/counter/hand-out/").content.decode()
    as_clerk.post(f"/counter/hand-out/shelve/{case.pk}/", {"place": "a-03"})
    out = HandOut.objects.get()
    assert "A-03" in as_clerk.get("/counter/hand-out/", {"q": "a-03"}).content.decode()
    wrong = as_clerk.post(f"/counter/hand-out/{out.pk}/collect/", {"name": "王大例", "number": NUMBER})
    assert wrong.status_code == 422 and "姓名和申请时的不一样" in wrong.content.decode()
    given = {"name": NAME, "number": NUMBER, "signature": SIGNED}
    assert as_clerk.post(f"/counter/hand-out/{out.pk}/collect/", given).status_code == 302
    assert fresh(case).state == "delivered"
    assert "林*例" in as_clerk.get(f"/counter/hand-out/{out.pk}/").content.decode()


def test_sent_with_a_typed_number_and_brought_back(of: Hall, as_clerk: Client) -> None:
    out = shelved(of)
    address = f"/counter/hand-out/{out.pk}"
    given = {"address": "示例县", "carrier": "邮政", "tracking": "ab1"}
    assert as_clerk.post(f"{address}/tracking/", given).status_code == 302
    assert "AB1" in as_clerk.get(f"{address}/").content.decode()
    assert as_clerk.post(f"{address}/take-back/", {"place": "B-2"}).status_code == 302
    assert as_clerk.post(f"{address}/locker/", {"box": "7"}).status_code == 302
    wrong = as_clerk.post(f"{address}/opened/", {"code": "1"})
    assert wrong.status_code == 422 and "取件码不对" in wrong.content.decode()
    assert as_clerk.post(f"{address}/nothing/").status_code == 404


def test_strangers_find_nothing_there(of: Hall, client: Client) -> None:
    out = shelved(of)
    client.force_login(make.user("window", make.organ(division=make.division("990203", "远方县"))))
    assert client.get(f"/counter/hand-out/{out.pk}/").status_code == 404
    assert client.post(f"/counter/hand-out/{out.pk}/collect/").status_code == 404
    client.force_login(of.citizen)
    assert client.get("/counter/hand-out/").status_code == 403


def test_a_result_is_printed_at_the_kiosk_with_number_and_code(of: Hall, client: Client) -> None:
    out = shelved(of)
    known = {"number": out.case.number, "code": code_of(out.case).lower()}
    page = client.post("/hall/results/", known)
    assert page.status_code == 200 and "打印" in page.content.decode() and "任一出件窗口" in page.content.decode()
    sent = client.post("/hall/results/", {**known, "paper": page.context["papers"][0].pk})
    assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert LedgerEntry.objects.filter(action="cases.look", facts__what="kiosk").count() == 1
    wrong = client.post("/hall/results/", {**known, "code": "22222222"})
    assert wrong.status_code == 422 and out.case.item.name not in wrong.content.decode()
    other = decided(of)
    foreign = page.context["papers"][0].pk
    given = {"number": other.number, "code": code_of(other), "paper": foreign}
    assert client.post("/hall/results/", given).status_code == 404


def test_codes_of_results_tried_one_after_another_are_refused_and_prints_do_not_count(of: Hall, client: Client) -> None:
    out = shelved(of)
    known = {"number": out.case.number, "code": code_of(out.case)}
    for _ in range(16):
        assert client.post("/hall/results/", known).status_code == 200
    for guess in range(15):
        assert client.post("/hall/results/", {**known, "code": f"{guess:08d}"}).status_code == 422
    refused = client.post("/hall/results/", known)
    assert refused.status_code == 429 and out.case.item.name not in refused.content.decode()
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post("/hall/results/", known).status_code == 200
    for guess in range(5):
        elsewhere.post("/hall/results/", {**known, "code": f"{guess:08d}"})
    assert Client(REMOTE_ADDR="10.0.0.10").post("/hall/results/", known).status_code == 429, "of one case too"


@pytest.mark.parametrize("key", ["made-up", "a/b", "center.2~x"])
def test_a_page_of_results_leads_back_to_the_kiosk_that_asked_and_nowhere_else(
    of: Hall, client: Client, key: str
) -> None:
    place = town(of.bureau)
    home = reverse("counter:kiosk", args=[kiosk_key(place.hall)])
    out = shelved(of)
    known = {"number": out.case.number, "code": code_of(out.case), "kiosk": kiosk_key(place.hall)}
    assert home in client.get("/hall/results/", {"kiosk": kiosk_key(place.hall)}).content.decode()
    assert home in client.post("/hall/results/", known).content.decode()
    assert "返回取号" not in client.get("/hall/results/", {"kiosk": key}).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    of: Hall, as_clerk: Client, rows: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(rows):
        shelved(of)
        decided(of)
    as_clerk.get("/counter/hand-out/")
    with django_assert_max_num_queries(16):
        assert as_clerk.get("/counter/hand-out/").status_code == 200


def test_what_waits_for_one_person_is_shown_together_and_goes_out_with_one_signature(
    of: Hall, as_clerk: Client
) -> None:
    first, second, third = shelved(of), shelved(of), shelved(of)
    page = f"/counter/hand-out/{first.pk}/"
    shown = as_clerk.get(page).content.decode()
    assert second.case.number in shown and third.case.number in shown and "同一件事" not in shown
    given = {"name": NAME, "number": NUMBER, "also": [second.pk, "x"]}
    unsigned = as_clerk.post(f"{page}collect/", given)
    assert unsigned.status_code == 422 and f'value="{NUMBER}"' in unsigned.content.decode(), "typed once is enough"
    done = as_clerk.post(f"{page}collect/", {**given, "signature": SIGNED}, follow=True).content.decode()
    assert f"{first.case.number}、{second.case.number}：已领取" in done
    assert [fresh(each.case).state for each in (first, second, third)] == ["delivered", "delivered", "decided"]


def test_a_bundle_is_found_by_its_number(of: Hall, as_clerk: Client) -> None:
    out = shelved(of)
    version = bundle(of.bureau)
    submission = BundleSubmission.objects.create(
        owner=of.citizen, version=version, created_at=now(), saved_at=now(), expires_at=now(), submitted_at=now()
    )
    BundlePart.objects.create(
        submission=submission, key="first", item=out.case.item, position=0, application=out.case.application,
        opened_at=now(),
    )  # fmt: skip
    found = as_clerk.get("/counter/hand-out/", {"q": submission.number.lower()}).content.decode()
    assert out.case.number in found
    assert out.case.number not in as_clerk.get("/counter/hand-out/", {"q": "Y99999999"}).content.decode()
