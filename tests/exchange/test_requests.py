"""Requests within the days of decree 809 (scenario 16)."""

from datetime import date
from pathlib import Path

import pytest

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.exchange.actions import (
    agree,
    ask_extension,
    complete_request,
    consent_extension,
    escalate_silence,
    refuse_request,
    revoke_grant,
    tell_lacking,
)
from banshi.exchange.actions.requesting import Granting
from banshi.exchange.deadlines import day_of_rank
from banshi.exchange.enums import Sharing
from banshi.exchange.models import DataSystem, Resource
from banshi.notifications.models import Notification
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import Office, asked, granted, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


def due(request) -> date:  # type: ignore[no-untyped-def]
    return day_of_rank(request.due_rank)


def test_scenario_16_a_conditional_request_is_due_in_ten_days_and_ten_more_with_consent(of: Office) -> None:
    request = asked(of, moment("09-21"))
    assert due(request) == date(2026, 10, 12)
    ask_extension(request, reason="要同省厅核对", by=of.steward, at=moment("10-09"))
    with pytest.raises(Refused):
        consent_extension(request, days=10, by=of.steward, at=moment("10-09"))
    request = consent_extension(request, days=10, by=of.authority, at=moment("10-09"))
    assert due(request) == date(2026, 10, 26)
    grant = agree(request, granting=Granting(("address",), date(2027, 1, 31)), by=of.steward, at=moment("10-14"))
    assert day_of_rank(grant.request.delivery_due_rank or 0) == date(2026, 11, 11)


def test_scenario_16_an_unconditional_request_is_due_the_next_working_day(of: Office) -> None:
    Resource.objects.update(sharing=Sharing.UNCONDITIONAL)
    of.resource.refresh_from_db()
    request = asked(of, moment("2026-09-30"))
    assert due(request) == date(2026, 10, 8)
    with pytest.raises(Conflict, match="无条件共享的数据不能拒绝"):
        refuse_request(request, reason="不想给", by=of.steward, at=moment("10-08"))


def test_what_is_lacking_is_told_once_and_the_days_begin_anew(of: Office) -> None:
    request = tell_lacking(asked(of, moment("03-02")), lacking="写明每月次数", by=of.steward, at=moment("03-03"))
    assert request.due_rank is None
    with pytest.raises(Conflict, match="不能再要"):
        tell_lacking(request, lacking="还要盖章", by=of.steward, at=moment("03-04"))
    request = complete_request(request, scene="每月约30次", by=of.asker, at=moment("03-05"))
    assert due(request) == date(2026, 3, 19)


def test_consent_to_a_later_answer_does_not_start_days_that_stand_still(of: Office) -> None:
    """Asked for before what is lacking was told, and consented to while that is waited for."""
    request = asked(of, moment("03-02"))
    ask_extension(request, reason="要同省厅核对", by=of.steward, at=moment("03-03"))
    tell_lacking(request, lacking="写明每月次数", by=of.steward, at=moment("03-03"))
    request = consent_extension(request, days=5, by=of.authority, at=moment("03-04"))
    assert request.due_rank is None
    request = complete_request(request, scene="每月约30次", by=of.asker, at=moment("03-05"))
    assert due(request) == date(2026, 3, 26)  # fifteen working days


def test_what_is_too_long_to_supply_is_refused_and_not_cut(of: Office) -> None:
    request = tell_lacking(asked(of, moment("03-02")), lacking="写明用途", by=of.steward, at=moment("03-03"))
    with pytest.raises(BadInput, match="没有保存"):
        complete_request(request, scene="长" * 490, by=of.asker, at=moment("03-04"))
    request.refresh_from_db()
    assert request.completed_at is None and "补充" not in request.scene


def test_a_refusal_has_reasons(of: Office) -> None:
    with pytest.raises(BadInput, match="没有写不同意的理由"):
        refuse_request(asked(of, moment("03-02")), reason=" ", by=of.steward, at=moment("03-03"))


def test_silence_is_told_to_the_authority_once(of: Office) -> None:
    asked(of, moment("03-02"))
    assert escalate_silence(by=make.TESTS, at=moment("03-16")) == 0
    assert escalate_silence(by=make.TESTS, at=moment("03-17")) == 1
    assert escalate_silence(by=make.TESTS, at=moment("03-18")) == 0
    assert "超期没有答复" in Notification.objects.get(user=of.authority).body


def test_what_is_not_shared_names_its_law(of: Office) -> None:
    Resource.objects.update(sharing=Sharing.REFUSED, basis="《保守国家秘密法》第二十六条")
    of.resource.refresh_from_db()
    with pytest.raises(Refused, match="保守国家秘密法"):
        asked(of, moment("03-02"))


def test_nobody_is_granted_more_than_was_asked(of: Office) -> None:
    request = asked(of, moment("03-02"), fields=("name",))
    with pytest.raises(BadInput, match="只能从申请的信息项里选"):
        agree(request, granting=Granting(("address",), date(2027, 1, 1)), by=of.steward, at=moment("03-03"))


def test_only_the_owner_and_the_authority_take_a_grant_back(of: Office) -> None:
    grant = granted(of, moment("03-02"))
    with pytest.raises(Refused):
        revoke_grant(grant, reason="不用了", by=of.asker, at=moment("03-03"))
    assert revoke_grant(grant, reason="超范围使用", by=of.authority, at=moment("03-03")).revoked_at


def test_strangers_neither_ask_nor_answer(of: Office) -> None:
    stranger = make.user("data_steward", make.organ())
    with pytest.raises(Refused):
        refuse_request(asked(of, moment("03-02")), reason="不给", by=stranger, at=moment("03-03"))


def test_silence_about_the_answer_and_about_the_data_is_told_each_once(of: Office) -> None:
    request = asked(of, moment("03-02"))
    DataSystem.objects.update(active=False)
    assert [escalate_silence(by=make.TESTS, at=moment(day)) for day in ("03-16", "03-17", "03-18")] == [0, 1, 0]
    agree(request, granting=Granting(("address",), date(2027, 1, 31)), by=of.steward, at=moment("03-19"))
    assert [escalate_silence(by=make.TESTS, at=moment(day)) for day in ("04-10", "06-01", "06-02")] == [0, 1, 0]
    told = Notification.objects.filter(user=of.authority, kind="exchange.request_told", body__contains="超期")
    assert sorted("没有提供数据" in each.body for each in told) == [False, True]


def test_days_that_wait_for_who_asks_are_not_extended(of: Office) -> None:
    request = tell_lacking(asked(of, moment("03-02")), lacking="写明每月次数", by=of.steward, at=moment("03-03"))
    with pytest.raises(Conflict, match="正在等申请单位补充"):
        ask_extension(request, reason="要同省厅核对", by=of.steward, at=moment("03-04"))
