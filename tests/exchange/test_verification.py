"""核验 from a case: for this matter, by whoever has it in hand, within the grant, recorded."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from banshi.core.errors import BadInput, Conflict, Refused, TooOften
from banshi.exchange.actions import agree, connect_system, look_up, revoke_grant, verify
from banshi.exchange.actions.requesting import Granting
from banshi.exchange.deadlines import day_of_rank
from banshi.exchange.enums import CallOutcome
from banshi.exchange.models import CallRecord, DataSystem, Grant, GrantDay, Resource
from banshi.exchange.operation import quotas_run
from banshi.exchange.policy import exchange_policy
from banshi.exchange.queries import calls_about
from banshi.ledger import name_of
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.cases.hall import accepted, moment
from tests.exchange.office import Office, case_in_hand, granted, office, register
from tests.exchange.office import asked as request
from tests.factories.exchange import logged

pytestmark = pytest.mark.django_db
AT = moment("03-03")
ADDRESS = "示例市东样县例桥大道88號 2栋301"


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


def asked(of: Office, grant: Grant, case, **more):  # type: ignore[no-untyped-def]
    given = {"kind": "case", "key": case.pk, "role": "申请人", "claims": {"address": ADDRESS}, "by": of.of.handler}
    return verify(grant, **{**given, "at": AT, **more})


def test_the_police_say_whether_it_agrees_and_nothing_else(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    verdict = asked(of, grant, case, claims={"name": "林 小例", "address": ADDRESS})
    assert verdict.outcome is CallOutcome.MATCH and verdict.items == {
        "name": CallOutcome.MATCH,
        "address": CallOutcome.MATCH,
    }
    verdict = asked(of, grant, case, claims={"name": "林小例", "address": "别处"})
    assert verdict.outcome is CallOutcome.MISMATCH and verdict.items["name"] is CallOutcome.MATCH
    call = CallRecord.objects.latest("number")
    assert (call.purpose, call.purpose_number, call.item) == (name_of(case), case.number, case.item)
    assert (call.clerk_name, call.fields, call.outcome) == ("孙办理", ["name", "address"], "mismatch")
    assert not any("例桥大道" in str(value) for value in vars(call).values()), "answers are not kept"


def test_who_is_not_in_the_register_has_no_record(of: Office, tmp_path: Path) -> None:
    register(f"sqlite:///{tmp_path / 'police.sqlite3'}", [])
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    assert asked(of, grant, case).outcome is CallOutcome.NONE


def test_only_a_case_in_ones_own_hands_is_a_purpose(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    with pytest.raises(Refused):
        asked(of, grant, case, by=make.user("handler", make.organ()))
    type(case).objects.filter(pk=case.pk).update(state="ended")
    with pytest.raises(Conflict, match="办件已经结束"):
        asked(of, grant, case)


def test_another_item_is_another_purpose(of: Office) -> None:
    grant = granted(of, moment("03-02"))
    Grant.objects.filter(pk=grant.pk).update(fields=["address"])
    other = make.publication(
        make.item(of.of.bureau, of.of.guide.model_copy(update={"name": "排污许可"})), at=moment("01-05")
    )
    of.of.publication = other
    case = accepted(of.of, moment("03-02"))
    with pytest.raises(Refused, match="只能用在申请时写明的事项"):
        asked(of, grant, case)
    assert CallRecord.objects.get().outcome == CallOutcome.REFUSED, "the attempt is recorded"


def test_a_grant_of_another_organ_serves_no_case_of_this_one(of: Office) -> None:
    """Who has posts in two organs may not lend the data of one to the other."""
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    elsewhere = make.organ()
    make.post(of.of.handler, "handler", elsewhere)
    type(grant.request).objects.update(organ=elsewhere, item=None)
    with pytest.raises(Refused, match="给别的单位的"):
        asked(of, grant, case)
    assert CallRecord.objects.get().outcome == CallOutcome.REFUSED


def test_a_grant_taken_back_ends_at_once(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    revoke_grant(grant, reason="停用", by=of.steward, at=AT)
    with pytest.raises(Refused, match="已经收回或到期"):
        asked(of, grant, case)


def test_an_item_that_is_no_longer_shared_is_given_by_no_grant(of: Office) -> None:
    case, grant, waiting = case_in_hand(of, moment("03-02")), granted(of, moment("03-02")), request(of, moment("03-02"))
    told = {"address": {"sharing": "refused", "basis": "某法第一条"}}
    items = [each | told.get(each["key"], {}) for each in of.resource.items]
    type(of.resource).objects.update(items=items)
    with pytest.raises(Refused, match="不予共享"):
        asked(of, grant, case)
    assert asked(of, grant, case, claims={"name": "林小例"}).outcome is CallOutcome.MATCH
    with pytest.raises(BadInput, match="不予共享"):
        agree(waiting, granting=Granting(("address",), date(2027, 6, 30)), by=of.steward, at=AT)


def test_a_grant_ends_with_its_last_day(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"), until=date(2026, 3, 31))
    with pytest.raises(Refused, match="已经收回或到期"):
        verify(
            grant,
            kind="case",
            key=case.pk,
            role="申请人",
            claims={"name": "林小例"},
            by=of.of.handler,
            at=moment("04-01"),
        )


def test_no_field_beyond_the_grant(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"), fields=("address",))
    with pytest.raises(Refused, match="超出了授权的信息项"):
        asked(of, grant, case, claims={"status": "正常"})
    with pytest.raises(Refused, match="只能核验"):
        look_up(grant, kind="case", key=case.pk, role="申请人", by=of.of.handler, at=AT)


def test_a_look_up_gives_the_granted_fields_of_the_granted_rows(of: Office) -> None:
    case = case_in_hand(of, moment("03-02"))
    rows = [{"item": "town", "values": ["例桥街道"]}]
    grant = granted(of, moment("03-02"), fields=("name",), verify_only=False, conditions=rows)
    given = {"kind": "case", "key": case.pk, "role": "申请人", "by": of.of.handler, "at": AT}
    assert look_up(grant, **given).rows == [{"name": "林*例"}]
    Grant.objects.filter(pk=grant.pk).update(conditions=[{"item": "town", "values": ["例林镇"]}])
    assert look_up(grant, **given).rows == []


def test_it_cannot_be_used_to_guess(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    for number in range(5):
        asked(of, grant, case, claims={"address": f"例桥大道{number}号"})
    with pytest.raises(TooOften, match="已经有5次不一致"):
        asked(of, grant, case)


def test_a_clerk_cannot_guess_about_ever_other_people(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    asked(of, grant, case)
    seen, limit = CallRecord.objects.get(), exchange_policy().calls.guesses_of_clerk
    for number in range(limit):
        seen.pk, seen.outcome, seen.person_index = None, CallOutcome.MISMATCH, f"somebody {number}"
        logged(seen)
    with pytest.raises(TooOften, match=f"您今天已经有{limit}次不一致"):
        asked(of, grant, case)
    assert CallRecord.objects.latest("number").outcome == CallOutcome.REFUSED


def test_a_clerk_cannot_try_who_is_registered(of: Office) -> None:
    grant = granted(of, moment("03-02"), fields=("name", "address"), verify_only=False)
    case, limit = case_in_hand(of, moment("03-02")), exchange_policy().calls.absent_of_clerk
    asked(of, grant, case)
    seen = CallRecord.objects.get()
    for number in range(limit):
        seen.pk, seen.outcome, seen.person_index = None, CallOutcome.NONE, f"somebody {number}"
        logged(seen)
    with pytest.raises(TooOften, match=f"您今天已经有{limit}次无记录"):
        asked(of, grant, case)
    with pytest.raises(TooOften, match=f"您今天已经有{limit}次无记录"):
        look_up(grant, kind="case", key=case.pk, role="申请人", by=of.of.handler, at=AT)
    assert look_up(grant, kind="case", key=case.pk, role="申请人", by=of.of.handler, at=moment("03-05")).rows


def test_what_the_software_asks_for_applications_is_no_clerks_guessing(of: Office) -> None:
    case, grant, limits = case_in_hand(of, moment("03-02")), granted(of, moment("03-02")), exchange_policy().calls
    asked(of, grant, case, by=make.TESTS)
    seen = CallRecord.objects.get()
    for number in range(max(limits.guesses_of_clerk, limits.absent_of_clerk)):
        for outcome in (CallOutcome.MISMATCH, CallOutcome.NONE):
            seen.pk, seen.outcome, seen.person_index = None, outcome, f"somebody {number}"
            logged(seen)
    assert asked(of, grant, case, by=make.TESTS).outcome is CallOutcome.MATCH


def test_two_rows_together_do_not_agree(of: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    rows = [{"xm": "林小例", "hjdz": "别处"}, {"xm": "别人", "hjdz": ADDRESS}]
    monkeypatch.setattr("banshi.exchange.actions.using.ask", lambda *_, **__: rows)
    assert asked(of, grant, case, claims={"name": "林小例", "address": ADDRESS}).outcome is CallOutcome.MISMATCH


def test_an_item_that_left_the_declaration_is_said(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    Grant.objects.update(conditions=[{"item": "gone", "values": ["1"]}])
    with pytest.raises(Conflict, match="信息项改过"):
        asked(of, grant, case)
    assert CallRecord.objects.get().outcome == CallOutcome.REFUSED


def test_the_days_quota_is_kept(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"), daily_quota=1)
    asked(of, grant, case)
    with pytest.raises(TooOften, match="今天的次数用完了"):
        asked(of, grant, case)


def test_what_was_refused_or_failed_uses_none_of_the_days_quota(of: Office, tmp_path: Path) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"), daily_quota=1)
    address, gone = f"sqlite:///{tmp_path / 'police.sqlite3'}", "sqlite:////nowhere/at/all.sqlite3"
    connect_system(of.police, code="police", name="公安人口库", address=gone, by=make.TESTS, at=AT)
    with pytest.raises(Conflict, match="没有问到公安局"):
        asked(of, grant, case)
    connect_system(of.police, code="police", name="公安人口库", address=address, by=make.TESTS, at=AT)
    with pytest.raises(Refused, match="超出了授权的信息项"):
        asked(of, grant, case, claims={"birth_date": "1990-03-07"})
    assert asked(of, grant, case).outcome == CallOutcome.MATCH
    assert GrantDay.objects.get(grant=grant).calls == 1
    assert [used for _, used in quotas_run(of.authority, at=AT)] == [1]
    with pytest.raises(TooOften, match="今天的次数用完了"):
        asked(of, grant, case)


def test_of_many_at_once_none_goes_beyond_the_days_quota(of: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"), daily_quota=2)
    asked(of, grant, case)

    def meanwhile(*_: object, **__: object) -> list[dict[str, str]]:
        GrantDay.objects.filter(grant=grant).update(calls=2)  # others took the last while the source was asked
        return [{"hjdz": ADDRESS}]

    monkeypatch.setattr("banshi.exchange.actions.using.ask", meanwhile)
    with pytest.raises(TooOften, match="今天的次数用完了"):
        asked(of, grant, case)
    assert GrantDay.objects.get(grant=grant).calls == 2
    refused = CallRecord.objects.latest("number")
    assert (refused.outcome, refused.rows, refused.answer_digest) == (CallOutcome.REFUSED, 0, "")


def test_a_source_that_is_away_is_said_plainly_and_rested(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    gone = "sqlite:////nowhere/at/all.sqlite3"
    connect_system(of.police, code="police", name="公安人口库", address=gone, by=make.TESTS, at=AT)
    for _ in range(5):
        with pytest.raises(Conflict, match="没有问到公安局：对方的数据库现在连不上"):
            asked(of, grant, case)
    with pytest.raises(Conflict, match="正在暂停"):
        asked(of, grant, case)
    assert DataSystem.objects.get().failures == 5
    assert set(CallRecord.objects.values_list("outcome", flat=True)) == {"failed"}


def test_a_source_that_breaks_unforeseen_is_on_record_too(of: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(kind: str, address: str) -> None:
        raise PermissionError(address)

    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    monkeypatch.setattr("banshi.exchange.sources.breaker.source_at", broken)
    with pytest.raises(Conflict, match="对方的来源出错了"):
        asked(of, grant, case)
    assert CallRecord.objects.get().outcome == CallOutcome.FAILED


def test_a_changed_schema_is_named_and_starts_the_clock_of_its_entry(of: Office, tmp_path: Path) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    from sqlalchemy import create_engine, text

    with create_engine(f"sqlite:///{tmp_path / 'police.sqlite3'}").begin() as connection:
        connection.execute(text("ALTER TABLE hjrk RENAME COLUMN hjdz TO dz"))
    for _ in range(2):
        with pytest.raises(Conflict, match="和目录里写的不一样了"):
            asked(of, grant, case)
    entry = Resource.objects.get()
    assert entry.change == "来源的结构和目录里写的不一样了" and entry.changed_at == AT
    assert day_of_rank(entry.update_due_rank or 0) == date(2026, 3, 17)  # ten working days (decree 809 §17)
    assert LedgerEntry.objects.filter(action="exchange.report_change").count() == 1


def test_the_person_sees_who_asked_about_her(of: Office) -> None:
    case, grant = case_in_hand(of, moment("03-02")), granted(of, moment("03-02"))
    asked(of, grant, case)
    [seen] = calls_about(of.of.citizen, matters=[name_of(case)], at=moment("03-03"))
    assert (seen.organ, seen.resource.organ, seen.item, seen.at) == (of.of.bureau, of.police, case.item, AT)
    assert not calls_about(make.user(), matters=[], at=moment("03-03"))


def test_where_a_law_says_so_the_person_sees_it_later_and_the_request_says_when(of: Office) -> None:
    late = {"told_after_days": 30, "told_late_basis": "《中华人民共和国反洗钱法》第六条"}
    with pytest.raises(BadInput, match="还没有写全"):
        request(of, moment("03-02"), told_after_days=30)
    case, wanted = case_in_hand(of, moment("03-02")), request(of, moment("03-02"), item=of.of.item, **late)
    granting = Granting(("name", "number", "address"), date(2027, 6, 30))
    grant = agree(wanted, granting=granting, by=of.steward, at=moment("03-02"))
    plain = granted(of, moment("03-02"))
    asked(of, grant, case)
    asked(of, plain, case)
    told = [calls_about(of.of.citizen, matters=[name_of(case)], at=AT + timedelta(days=day)) for day in (0, 29, 30)]
    assert [[each.grant_id for each in calls] for calls in told] == [[plain.pk], [plain.pk], [plain.pk, grant.pk]]
