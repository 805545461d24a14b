"""The call log searched with a reason, each look on record; unusual use found by rules, and explained by somebody else."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from banshi.cases.models import Case
from banshi.clients.actions import register_system
from banshi.core.crypto import blind_index
from banshi.core.errors import BadInput, Refused
from banshi.exchange.actions import CallCriteria, explain_anomaly, find_anomalies, register_key, search_calls
from banshi.exchange.anomalies import anomaly_rules
from banshi.exchange.comparison import normal
from banshi.exchange.enums import CallOutcome, InformationKind
from banshi.exchange.models import Anomaly, CallRecord, CallSearch, Grant
from banshi.exchange.queries import calls_found
from banshi.jobs.schedule import SCHEDULE
from banshi.ledger import record
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.models import Identity, User
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import Office, granted, office
from tests.factories.exchange import logged
from tests.sites.workbench.test_sharing import as_, queries

pytestmark = pytest.mark.django_db
NUMBER = "530102199003071211"
DAY = moment("03-03")


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
def grant(of: Office) -> Grant:
    return granted(of, moment("03-02"))


def called(grant: Grant, clerk: User, cases: Iterable[int], **more: object) -> list[CallRecord]:
    """One call for each of the cases, a minute apart."""
    given = {"at": DAY, "outcome": CallOutcome.MATCH, "person_index": "", **more}
    return [
        logged(
            CallRecord(
                grant=grant, resource=grant.request.resource, organ=grant.request.organ, item=grant.request.item,
                clerk=clerk.ledger_id, clerk_name=clerk.full_name, purpose=f"cases.Case:{case}",
                purpose_number=f"2026-{case}", kind="verify", fields=["name"],
                **{**given, "at": given["at"] + timedelta(minutes=place)},
            )
        )
        for place, case in enumerate(cases)
    ]  # fmt: skip


def found(*rules: str) -> list[Anomaly]:
    find_anomalies(by=make.TESTS, at=DAY + timedelta(hours=16))
    return list(Anomaly.objects.filter(rule__in=rules) if rules else Anomaly.objects.all())


def worked(clerk: User, action: str, cases: Iterable[int]) -> None:
    for case in cases:
        record(action, Case(pk=case), by=clerk, at=DAY, facts={})


def test_a_clerk_who_works_on_the_cases_is_not_listed(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, range(1, 7))
    worked(of.of.handler, "cases.act", range(1, 7))
    assert not found()


def test_asking_the_registers_again_is_no_work(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, range(1, 7))
    worked(of.of.handler, "cases.fetch_shared", range(1, 7))
    assert found("idle")


def test_the_software_that_asks_at_night_is_no_clerk(grant: Grant) -> None:
    for case in range(1, 7):
        logged(
            CallRecord(
                grant=grant, resource=grant.request.resource, organ=grant.request.organ, clerk="system:exchange",
                purpose=f"cases.Case:{case}", at=DAY.replace(hour=23), outcome=CallOutcome.MATCH,
            )
        )  # fmt: skip
    find_anomalies(by=make.TESTS, at=DAY + timedelta(days=1))
    assert not Anomaly.objects.exists()


def test_one_who_looks_for_cases_without_working_on_them_is_listed_with_the_reason(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, range(1, 7))
    [one] = found("idle")
    assert one.count == 6 and "6件办件" in one.words and of.of.handler.full_name in one.words
    assert {each.user for each in Notification.objects.filter(kind="exchange.anomaly_told")} >= {of.authority}


def test_looks_at_night_are_listed(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, [1, 1, 1], at=moment("03-03").replace(hour=23))
    find_anomalies(by=make.TESTS, at=moment("03-04"))
    assert "22点到第二天6点" in Anomaly.objects.get(rule="night").words


def test_a_night_is_told_whole_and_the_next_one_takes_nothing_of_it_away(grant: Grant, of: Office) -> None:
    ends = next(each for each in anomaly_rules() if each.code == "night").ends
    nightly = SCHEDULE["find_call_anomalies"].at
    assert nightly is not None and nightly.hour >= ends
    for day in ("03-03", "03-04"):
        called(grant, of.of.handler, [1, 1, 1], at=moment(day).replace(hour=23))
        find_anomalies(by=make.TESTS, at=moment(day) + timedelta(days=1))
    one = Anomaly.objects.get(rule="night")
    assert (one.count, len(one.numbers), one.since.day) == (6, 6, 3)


def test_a_case_claimed_only_to_look_is_listed_and_one_in_hand_is_not(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, range(1, 7))
    worked(of.of.handler, "cases.claim", range(1, 7))
    assert not found("idle")
    worked(of.of.handler, "cases.release", range(1, 7))
    assert found("idle")


def test_a_clerk_of_another_system_works_where_the_ledger_does_not_see(grant: Grant, of: Office) -> None:
    for case in range(1, 9):
        logged(
            CallRecord(
                grant=grant, resource=grant.request.resource, organ=grant.request.organ, clerk="client:1/唐学籍",
                clerk_name="唐学籍", purpose=f"external:1/{case}", at=DAY, outcome=CallOutcome.MATCH,
            )
        )  # fmt: skip
    assert not found()


def test_what_is_tried_again_because_the_source_is_away_is_no_look(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, [1] * 20, person_index="a" * 64, outcome=CallOutcome.FAILED)
    worked(of.of.handler, "cases.act", [1])
    assert not found()


def test_an_agent_of_many_makes_no_family_of_them(grant: Grant, of: Office) -> None:
    agent = "f" * 64
    for case in range(1, 8):
        called(grant, of.of.handler, [case], person_index=f"{case}" * 64, person_role="申请人")
        called(grant, of.of.handler, [case], person_index=agent, person_role="经办人")
    worked(of.of.handler, "cases.act", range(1, 8))
    assert not found("one_family")


def test_many_looks_at_one_person_or_one_family_are_listed(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, [1] * 8, person_index="a" * 64)
    called(grant, of.of.handler, [1] * 4, person_index="b" * 64)
    assert [each.count for each in found("one_person")] == [8]
    [family] = found("one_family")
    assert (family.count, family.person_index) == (12, "a" * 64)


def test_a_run_without_an_answer_looks_like_guessing(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, [1] * 5, outcome=CallOutcome.NONE)
    assert not found("guessing")
    called(grant, of.of.handler, [1], outcome=CallOutcome.MISMATCH)
    assert [each.count for each in found("guessing")] == [6]


def test_a_finding_grows_while_open_and_is_not_brought_up_again_once_explained(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, range(1, 7))
    [one] = found("idle")
    called(grant, of.of.handler, range(7, 9), at=DAY + timedelta(hours=1))
    assert [each.count for each in found("idle")] == [8]
    with pytest.raises(BadInput):
        explain_anomaly(one, words=" ", by=of.authority, at=DAY)
    make.post(of.of.handler, "data_manager", make.organ("示例市大数据局"))
    with pytest.raises(Refused, match="自己的"):
        explain_anomaly(one, words="没事", by=of.of.handler, at=DAY)
    explain_anomaly(one, words="集中入学审核，有办件", by=of.authority, at=DAY)
    assert [each.explained_at is None for each in found("idle")] == [False]


def test_every_look_into_the_log_is_recorded_with_its_reason(grant: Grant, of: Office) -> None:
    mine = blind_index(NUMBER, purpose=Identity.PURPOSE)
    called(grant, of.of.handler, [1, 2], person_index=mine)
    called(grant, of.of.handler, [3])
    with pytest.raises(BadInput, match="为什么查"):
        search_calls(CallCriteria(), reason="", by=of.authority, at=DAY)
    search = search_calls(CallCriteria(person_number=NUMBER), reason="群众举报", by=of.authority, at=DAY)
    assert [each.purpose_number for each in calls_found(search, of.authority, at=DAY)] == ["2026-2", "2026-1"]
    entry = LedgerEntry.objects.get(action="exchange.search_calls")
    assert entry.facts["about_a_person"] and NUMBER not in str(entry.facts) and search.person_index == mine


def test_a_search_may_be_narrowed_by_clerk_case_resource_organ_and_day(grant: Grant, of: Office) -> None:
    other = make.user("handler", of.of.bureau, full_name="李别人")
    called(grant, of.of.handler, [1, 2])
    called(grant, other, [3], at=DAY + timedelta(days=2))

    def numbers(**more: object) -> list[str]:
        search = search_calls(CallCriteria(**more), reason="抽查", by=of.authority, at=DAY)  # type: ignore[arg-type]
        return [each.purpose_number for each in calls_found(search, of.authority, at=DAY)]

    assert numbers(clerk="李别人") == ["2026-3"] and numbers(clerk="没有这个人") == []
    assert numbers(case_number="2026-1") == ["2026-1"]
    assert numbers(resource=of.resource, organ=of.of.bureau) == ["2026-3", "2026-2", "2026-1"]
    assert numbers(since=DAY.date() + timedelta(days=1)) == ["2026-3"]
    assert numbers(until=DAY.date()) == ["2026-2", "2026-1"]


def test_a_clerk_of_another_system_is_found_by_name_and_a_person_by_the_old_number(grant: Grant, of: Office) -> None:
    client, _ = register_system(of.of.bureau, name="水利审批系统", permissions=["exchange.use"], by=make.TESTS, at=DAY)
    register_key(client, algorithm="hmac-sha256", until=moment("12-31"), by=make.TESTS, at=DAY)
    index = blind_index(normal("530102900307121", InformationKind.ID_NUMBER), purpose=Identity.PURPOSE)
    one = logged(
        CallRecord(
            grant=grant, resource=grant.request.resource, organ=grant.request.organ, at=DAY, person_index=index,
            clerk=f"{client.ledger_id}/唐学籍", clerk_name="水利审批系统 唐学籍", outcome=CallOutcome.MATCH,
        )
    )  # fmt: skip
    for wanted in (CallCriteria(clerk="唐学籍"), CallCriteria(person_number="530102900307121")):
        search = search_calls(wanted, reason="抽查", by=of.authority, at=DAY)
        assert [each.number for each in calls_found(search, of.authority, at=DAY)] == [one.number]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a small table of PostgreSQL is read whole")
def test_each_search_walks_an_index_that_ends_in_time_and_sorts_nothing(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, [1])
    for wanted in (
        CallCriteria(resource=of.resource),
        CallCriteria(organ=of.of.bureau, since=DAY.date(), until=DAY.date()),
        CallCriteria(case_number="2026-1"),
        CallCriteria(clerk=of.of.handler.full_name),
        CallCriteria(clerk=of.of.handler.full_name, since=DAY.date()),
        CallCriteria(person_number=NUMBER),
        CallCriteria(),
    ):
        search = search_calls(wanted, reason="抽查", by=of.authority, at=DAY)
        plan = calls_found(search, of.authority, at=DAY).explain()
        assert "_in_time" in plan and "TEMP B-TREE" not in plan, (wanted, plan)


def test_pages_are_for_auditors_alone_and_a_search_for_its_maker(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, range(1, 7), at=timezone.now() - timedelta(hours=1))
    find_anomalies(by=make.TESTS, at=timezone.now())
    pages = ["/console/exchange/", "/console/exchange/searches/", "/console/exchange/anomalies/"]
    auditor = make.user("supervisor", make.organ())
    for page in pages:
        assert [as_(who).get(page).status_code for who in (of.authority, auditor)] == [200, 200]
        assert [as_(who).get(page).status_code for who in (of.steward, of.of.handler)] == [403, 403]
    client = as_(of.authority)
    assert client.post(pages[1], {"reason": ""}).status_code == 422
    posted = client.post(pages[1], {"reason": "群众举报", "person_number": NUMBER})
    assert posted.status_code == 302 and NUMBER not in posted["Location"]
    assert client.get(posted["Location"]).status_code == 200
    assert as_(auditor).get(posted["Location"]).status_code == 404
    export = f"{posted['Location']}export/"
    assert client.post(export).status_code == 200 and as_(auditor).post(export).status_code == 404
    assert LedgerEntry.objects.filter(action="exchange.export_calls").count() == 1
    one = Anomaly.objects.get(rule="idle")
    opened = client.post(f"/console/exchange/anomalies/{one.pk}/calls/")
    assert client.get(opened["Location"]).content.decode().count("第") >= 6
    assert CallSearch.objects.filter(anomaly=one).count() == 1


def test_the_operation_page_asks_as_often_however_many_calls_there_are(grant: Grant, of: Office) -> None:
    called(grant, of.of.handler, [1], at=timezone.now() - timedelta(minutes=5))
    before = queries(of.authority, "/console/exchange/")
    called(grant, of.of.handler, range(2, 5), at=timezone.now() - timedelta(minutes=5), outcome=CallOutcome.FAILED)
    assert before == queries(of.authority, "/console/exchange/") <= 16
    page = as_(of.authority).get("/console/exchange/").content.decode()
    assert "公安人口库" in page and of.of.bureau.called in page


def test_every_rule_words_itself() -> None:
    for rule in anomaly_rules():
        assert "{" not in rule.words.format(clerk="甲", days=1, count=2, cases=3, hours=rule.hours)
