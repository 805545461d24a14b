"""这不对: answered within ten working days, and told to whoever used what was wrong (W15)."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from banshi.core.errors import Conflict, Refused
from banshi.exchange.actions import answer_correction, dispute_call, look_at_correction, verify
from banshi.exchange.deadlines import day_of_rank
from banshi.exchange.models import CallRecord, Correction
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.models import User
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import Office, case_in_hand, granted, office
from tests.factories.exchange import logged

pytestmark = pytest.mark.django_db
ASKED = moment("02-13")


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
def call(of: Office) -> CallRecord:
    case, grant = case_in_hand(of, moment("02-11")), granted(of, moment("02-11"))
    claims = {"address": "例桥大道99号"}
    verify(grant, kind="case", key=case.pk, role="申请人", claims=claims, by=of.of.handler, at=moment("02-12"))
    return CallRecord.objects.get()


@pytest.mark.parametrize("outcome", ["refused", "failed"])
def test_where_nothing_was_told_there_is_nothing_to_correct(of: Office, call: CallRecord, outcome: str) -> None:
    fields = {each.attname: getattr(call, each.attname) for each in CallRecord._meta.concrete_fields}
    other = logged(CallRecord(**{**fields, "number": None, "outcome": outcome}))
    with pytest.raises(Conflict, match="没有问到任何数据"):
        dispute_call(other, words="不是我", by=of.of.citizen, at=ASKED)


def test_the_owner_answers_within_ten_working_days(of: Office, call: CallRecord) -> None:
    correction = dispute_call(call, words="已经迁到99号", by=of.of.citizen, at=ASKED)
    assert day_of_rank(correction.due_rank) == date(2026, 3, 5)
    assert "2026年3月5日前核实" in Notification.objects.get(user=of.steward, kind="exchange.correction_told").body
    assert b"99" not in bytes(correction.words_sealed)


def test_what_was_wrong_is_told_to_whoever_used_it(of: Office, call: CallRecord) -> None:
    correction = dispute_call(call, words="已经迁到99号", by=of.of.citizen, at=ASKED)
    answer_correction(correction, result="corrected", words="已改", by=of.steward, at=moment("02-14"))
    told = Notification.objects.filter(kind="exchange.correction_told", body__contains=call.purpose_number)
    assert {each.user for each in told} == {of.of.handler, of.asker, of.of.head}
    assert "已更正" in Notification.objects.get(user=of.of.citizen, kind="exchange.correction_answered").body


def test_an_organ_is_told_of_its_own_cases_only(of: Office, call: CallRecord) -> None:
    elsewhere = make.organ()
    other = make.user("data_steward", elsewhere)
    logged(
        CallRecord(
            at=ASKED, grant=call.grant, resource=call.resource, organ=elsewhere, clerk=other.ledger_id, clerk_name="他",
            purpose="cases.Case:999", purpose_number="别家的编号", kind="verify", person_index=call.person_index,
            outcome="match",
        )
    )  # fmt: skip
    correction = dispute_call(call, words="已经迁到99号", by=of.of.citizen, at=ASKED)
    answer_correction(correction, result="corrected", words="已改", by=of.steward, at=moment("02-14"))
    told = Notification.objects.filter(kind="exchange.correction_told", body__contains="更正了一个人的数据")
    assert {each.user for each in told if call.purpose_number in each.body} == {of.of.handler, of.asker, of.of.head}
    assert {each.user for each in told if "别家的编号" in each.body} == {other}


def test_what_was_right_is_told_to_who_asked_alone(of: Office, call: CallRecord) -> None:
    correction = dispute_call(call, words="不对", by=of.of.citizen, at=ASKED)
    answer_correction(correction, result="right", words="登记无误", by=of.steward, at=moment("02-14"))
    assert not Notification.objects.filter(kind="exchange.correction_told", user=of.of.handler)
    with pytest.raises(Conflict, match="已经答复过"):
        answer_correction(correction, result="corrected", words="改", by=of.steward, at=moment("02-14"))


def test_only_whom_it_concerns_objects_and_only_the_owner_looks(of: Office, call: CallRecord) -> None:
    with pytest.raises(Refused, match="只能对自己的信息提出"):
        dispute_call(call, words="不对", by=make.user(), at=ASKED)
    correction = dispute_call(call, words="已经迁到99号", by=of.of.handler, at=ASKED)
    with pytest.raises(Refused):
        look_at_correction(correction, by=of.asker, at=ASKED)
    assert look_at_correction(correction, by=of.steward, at=ASKED).words == "已经迁到99号"
    assert LedgerEntry.objects.filter(action="exchange.look_at_correction").count() == 1
    with pytest.raises(Conflict, match="已经在核实"):
        dispute_call(call, words="还是不对", by=of.of.citizen, at=ASKED)
    assert Correction.objects.count() == 1


def test_the_owner_is_told_of_whom_the_data_are_by_a_look_on_record(of: Office, call: CallRecord) -> None:
    """Else nobody could find what to mend."""
    client = Client()
    client.force_login(of.steward, backend=settings.AUTHENTICATION_BACKENDS[-1])
    address = f"/work/data/corrections/{dispute_call(call, words='已迁走', by=of.of.citizen, at=ASKED).pk}/"
    assert "530102199003071211" not in client.get(address).content.decode()
    looked = client.post(f"{address}look/").content.decode()
    assert "已迁走" in looked and "林小例，530102199003071211" in looked
    assert LedgerEntry.objects.filter(action="exchange.look_at_correction").count() == 1
    Correction.objects.update(matter="external:1/学籍-7")
    assert "请凭编号同" in client.post(f"{address}look/").content.decode()


def test_what_waits_for_an_answer_stands_on_the_page_of_the_day_of_who_answers(of: Office, call: CallRecord) -> None:
    def page(user: User) -> str:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client.get("/work/").content.decode()

    correction = dispute_call(call, words="已经迁到99号", by=of.of.citizen, at=ASKED)
    assert f"/work/data/corrections/{correction.pk}/" in page(of.steward)
    assert "没有等您办的事" not in page(of.steward)
    assert "等您答复的数据校核" not in page(of.asker)
    answer_correction(correction, result="corrected", words="已改", by=of.steward, at=moment("02-14"))
    assert "等您答复的数据校核" not in page(of.steward)
