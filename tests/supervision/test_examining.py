"""Rules over events, as scenario 24 tells them: thrice and in any order, one rule broken, findings the same."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest import MonkeyPatch

from banshi.access import Visitor
from banshi.cases.actions import decide
from banshi.cases.models import Case, CaseAct
from banshi.cases.sealing import CONTENT, seal
from banshi.core.errors import BadInput, Refused
from banshi.core.unit_of_work import unit_of_work
from banshi.events import emit
from banshi.events.kinds import KINDS
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.feedback.actions import file_complaint, invite_to_rate, look_at_rater, rate, tell_late
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.supervision import examining
from banshi.supervision.examining import apply, catch_up, look_back
from banshi.supervision.measures import count_events
from banshi.supervision.models import Irregularity, MeasureCount, MeasureStanding, RuleStanding
from banshi.supervision.rules import CHECKS, MonitoringRule, monitoring_rules, read_rules
from banshi.supervision.warning import warn
from tests import factories as make
from tests.cases.hall import Hall, accepted, examined, hall, moment, submitted

pytestmark = pytest.mark.django_db
Found = set[tuple[str, str, str, str]]


def happened(case: Case, act: str, day: str, minute: int = 0, kind: str = "cases.acted") -> None:
    """An event alone, as many as one likes, since it is all that a rule sees."""
    told = {"effective_on": "2026-11-02"} if kind == "cases.acted" else {"reason": "已经要求过"}
    with transaction.atomic():
        emit(KINDS[kind], case, by=make.TESTS, at=moment(day) + timedelta(minutes=minute), act=act, **told)


def seen() -> Found:
    return set(Irregularity.objects.values_list("rule", "subject", "mark", "level"))


def counted(until: int) -> set[tuple[str, int]]:
    count_events(until=until)
    return set(MeasureCount.objects.values_list("measure", "amount"))


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def hundreds(of: Hall) -> list[Event]:
    cases = [submitted(of, moment("11-02")) for _ in range(4)]
    acts = ["return_step", "grant_silently", "accept_silently", "deliver", "revoke"]
    for number in range(300):
        happened(cases[number % 4], acts[number % 5], "11-03", number)
        happened(cases[number % 3], "ask_supplement", "11-04", number, "cases.act_refused")
    sequence()
    return list(Event.objects.order_by("number"))


@pytest.fixture
def broken(monkeypatch: MonkeyPatch) -> MonitoringRule:
    """A rule whose check fails until it is mended, beside the others."""

    def fails(events: Sequence[Event]) -> Iterator[Event]:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setitem(CHECKS, "breaks", (("cases.acted",), fails))
    rule = MonitoringRule(code="breaks", label="会出错的规则", basis="本平台建议", check="breaks", red=1)
    everything = {**monitoring_rules(), "breaks": rule}
    monkeypatch.setattr(examining, "monitoring_rules", lambda: everything)
    return rule


def thrice_in_any_order(events: list[Event], *, batch: int) -> set[tuple[str, int]]:
    """Compare findings and counts of one clean delivery with those of three in random order."""
    apply(events)
    once, counts = seen(), counted(len(events))
    assert len(once) > len(events) / 2 and {"yellow", "red"} == {level for *_, level in once}
    Irregularity.objects.all().delete()
    MeasureCount.objects.all().delete()
    MeasureStanding.objects.all().delete()
    thrice = [*events, *events, *events]
    random.Random(13).shuffle(thrice)
    for first in range(0, len(thrice), batch):
        apply(thrice[first : first + batch])
        counted(max(each.number or 0 for each in thrice[: first + batch]))
    assert (seen(), counted(len(events))) == (once, counts)
    return counts


def test_three_times_in_any_order_is_once(hundreds: list[Event], broken: MonitoringRule) -> None:
    assert dict(thrice_in_any_order(hundreds, batch=97))["returned"] == 60


@pytest.mark.nightly
def test_ten_thousand_events_delivered_thrice_are_as_one_clean_delivery(of: Hall, broken: MonitoringRule) -> None:
    """Scenario 24 in its full size."""
    cases = [submitted(of, moment("11-02")) for _ in range(40)]
    acts = ["return_step", "grant_silently", "accept_silently", "deliver", "revoke"]
    with unit_of_work():
        for number in range(10_000):
            at = moment("11-03") + timedelta(minutes=number)
            emit(
                KINDS["cases.acted"],
                cases[number % 40],
                by=make.TESTS,
                at=at,
                act=acts[number % 5],
                effective_on="2026-11-02",
            )
    sequence()
    events = list(Event.objects.order_by("number"))
    thrice_in_any_order(events, batch=997)
    standing = RuleStanding.objects.get(code="breaks")
    assert standing.failed_at and not RuleStanding.objects.exclude(code="breaks").exclude(failed_at=None).exists()


def test_a_broken_rule_is_told_of_once_and_owes_what_it_missed(
    hundreds: list[Event], broken: MonitoringRule, monkeypatch: MonkeyPatch
) -> None:
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    catch_up()
    assert "accepted-by-silence" in {rule for rule, *_ in seen()}
    standing = RuleStanding.objects.get(code="breaks")
    assert standing.failed_at and "ZeroDivisionError" in standing.error
    assert Notification.objects.filter(user=supervisor, kind="supervision.rule_broken").count() == 1
    assert not RuleStanding.objects.exclude(code="breaks").exclude(failed_at=None).exists()
    monkeypatch.setitem(CHECKS, "breaks", (("cases.acted",), lambda events: events))
    look_back(retry=True)
    owed = sum(each.kind == "cases.acted" for each in hundreds)
    assert Irregularity.objects.filter(rule="breaks", retrospective=False).count() == owed
    assert RuleStanding.objects.get(code="breaks").failed_at is None


def test_a_rule_added_today_looks_back_a_month_and_says_so(of: Hall, monkeypatch: MonkeyPatch) -> None:
    case = submitted(of, moment("08-03"))
    happened(case, "revoke", "08-04")
    happened(case, "revoke", "11-04")
    rules = {code: each for code, each in monitoring_rules().items() if code != "decision-revoked"}
    monkeypatch.setattr(examining, "monitoring_rules", lambda: rules)
    sequence()
    catch_up()
    assert "decision-revoked" not in {rule for rule, *_ in seen()}
    monkeypatch.setattr(examining, "monitoring_rules", monitoring_rules)
    catch_up()
    [found] = Irregularity.objects.filter(rule="decision-revoked")
    assert found.retrospective and found.happened_at == moment("11-04")
    happened(case, "revoke", "11-05")
    sequence()
    catch_up()
    assert not Irregularity.objects.get(rule="decision-revoked", happened_at=moment("11-05")).retrospective


def test_each_occurrence_counts_within_its_case(of: Hall) -> None:
    first, second = (submitted(of, moment("11-02")) for _ in range(2))
    for minute in range(3):
        happened(first, "return_step", "11-03", minute)
    happened(second, "return_step", "11-03", 9)
    sequence()
    catch_up()
    found = Irregularity.objects.filter(rule="returned-again").order_by("id")
    assert list(found.values_list("case", "level")) == [(first.pk, "yellow"), (first.pk, "red")]


def test_a_decision_minutes_after_receipt_and_a_refusal_without_words(of: Hall) -> None:
    case = accepted(of, moment("11-02"))
    decide(examined(of, case, moment("11-02")), granted=False, words="不符合条件", by=of.head, at=moment("11-02"))
    sequence()
    catch_up()
    assert "handled-outside" in {rule for rule, *_ in seen()}
    assert "refused-without-reason" not in {rule for rule, *_ in seen()}
    CaseAct.objects.filter(case=case, kind="deny").update(content_sealed=seal({"words": " "}, purpose=CONTENT))
    apply(list(Event.objects.order_by("number")))
    assert "refused-without-reason" in {rule for rule, *_ in seen()}


def test_a_morning_warns_once_of_each_last_day_and_tells_the_head_once(of: Hall) -> None:
    cases = [accepted(of, moment("11-02")) for _ in range(3)]
    assert warn(at=moment("11-23", 7)) == 0 or set(Irregularity.objects.values_list("rule", flat=True)) == {
        "step-overdue"
    }
    Irregularity.objects.all().delete()
    Notification.objects.all().delete()
    found = warn(at=moment("11-24", 7))
    assert found and warn(at=moment("11-24", 8)) == 0
    yellow = Irregularity.objects.filter(rule="case-overdue")
    assert set(yellow.values_list("case", "level")) == {(each.pk, "yellow") for each in cases}
    assert warn(at=moment("12-01", 7)) == 3 and warn(at=moment("12-06", 7)) == 0
    heads = Notification.objects.filter(user=of.head, kind="supervision.found")
    assert 2 <= heads.count() <= 4  # one for each rule and morning, none for each case
    assert LedgerEntry.objects.filter(action="supervision.find").exists()


def test_a_clock_put_back_and_forward_warns_of_nothing_twice(of: Hall) -> None:
    accepted(of, moment("11-02"))
    warn(at=moment("12-01", 7))
    red, seen_once = Irregularity.objects.filter(level="red"), seen()
    assert red.exists()
    for day in ("11-20", "12-02", "11-30", "12-01"):
        warn(at=moment(day, 7))
    assert len(seen()) == Irregularity.objects.count() and seen_once <= seen()
    assert {each.due_rank for each in red.filter(rule="case-overdue")} == {Case.objects.get().due_rank}


def test_rules_in_data_are_read_and_mistakes_told(tmp_path: Path) -> None:
    assert all(each.basis for each in monitoring_rules().values())
    for text, told in (
        ('[a]\nlabel = "甲"\nbasis = "本平台建议"\nevent = "no.kind"\nred = 1', "没有这种事件"),
        ('[a]\nlabel = "甲"\nbasis = "本平台建议"\nred = 1', "要写一样"),
        ('[a]\nlabel = "甲"\nbasis = ""\nclock = "case"\nred = 1', "basis"),
        ('[a]\nlabel = "甲"\nbasis = "本平台建议"\nevent = "cases.acted"\nwhere = { deed = 1 }\nred = 1', "deed"),
    ):
        (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=told):
            read_rules(tmp_path / "rules.toml")


def test_who_was_rated_and_looks_for_who_rated_is_found_red(of: Hall) -> None:
    at = moment("11-03")
    invitation = invite_to_rate(
        of.publication, label="取水许可", organ=of.bureau, rated=[of.handler.pk], by=make.TESTS, at=at
    )
    bad = rate(invitation, grade=5, tags=["many_trips"], words="跑了三趟", by=of.citizen, at=at).handling
    look_at_rater(bad, by=of.head, at=at)
    with pytest.raises(Refused):
        look_at_rater(bad, by=of.handler, at=at)
    sequence()
    catch_up()
    found = Irregularity.objects.get(rule="rater-looked-for")
    assert found.level == "red" and found.organ_id == of.bureau.pk


def test_a_complaint_nobody_was_given_in_time_is_found_with_the_desk_that_should_have(of: Hall) -> None:
    desk = make.organ("示例县政务服务局")
    make.user("feedback", desk)
    lost = file_complaint("complaint", text="不知道该找谁反映这件事", by=Visitor(), at=moment("11-03"))
    tell_late(by=make.TESTS, at=moment("11-06"))
    sequence()
    catch_up()
    found = Irregularity.objects.get(rule="complaint-not-accepted")
    assert lost.organ is None and found.organ_id == desk.pk


def test_nothing_is_found_before_it_happened(of: Hall) -> None:
    case = accepted(of, moment("11-02"))
    [late, early] = (
        Event(
            kind="cases.acted",
            subject_type="cases.Case",
            subject_id=case.pk,
            organ=of.bureau,
            at=at,
            number=number,
            data={"act": "accept_silently"},
        )
        for number, at in ((900_001, moment("11-26")), (900_002, moment("11-10")))
    )
    apply([late, early])
    found = Irregularity.objects.filter(rule="accepted-by-silence")
    assert found.count() == 2 and all(each.found_at >= each.happened_at for each in found)
