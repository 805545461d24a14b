"""Figures of boards: counted once whatever order events come in, equal to the rows behind them, scored as the file says."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest import MonkeyPatch

from banshi.cases.actions import decide
from banshi.cases.events import ACTED
from banshi.cases.models import Case
from banshi.core.declarations import read_declaration
from banshi.core.errors import BadInput
from banshi.events import emit
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.feedback.suppression import withheld
from banshi.people.models import Organ
from banshi.supervision import measures as module
from banshi.supervision import withheld_ratings
from banshi.supervision.indicators import Assessment, Formula, assess, assessment
from banshi.supervision.measures import (
    Measures,
    MonitoringMeasure,
    amounts,
    amounts_within,
    count_anew,
    count_events,
    events_of,
    measures,
)
from banshi.supervision.models import MeasureCount
from banshi.supervision.periods import Period
from tests import factories as make
from tests.cases.hall import Hall, accepted, examined, hall, moment

pytestmark = pytest.mark.django_db
NOVEMBER = Period(2026, 11)


@pytest.fixture
def of() -> Hall:
    return hall()


def acts(case: Case, kind: str, day: str, count: int = 1, **timing: int) -> None:
    with transaction.atomic():
        for minute in range(count):
            at = moment(day) + timedelta(minutes=minute)
            emit(ACTED, case, by=make.TESTS, at=at, act=kind, effective_on="2026-11-02", **timing)


def rolled_up() -> set[tuple[str, str, int]]:
    return set(MeasureCount.objects.values_list("measure", "month", "amount"))  # type: ignore[arg-type]


def counted_to_the_end() -> None:
    sequence()
    newest = Event.objects.order_by("-number").values_list("number", flat=True)[0]
    count_events(until=newest)


def test_each_event_counts_once_in_the_month_it_happened(of: Hall, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COUNTED_AT_ONCE", 7)
    case = accepted(of, moment("11-02"))
    counted_to_the_end()
    acts(case, "deny", "11-03", 5, left=-1)
    acts(case, "grant", "10-31", 3, left=4, used=16, promised=20)  # late: it happened before
    counted_to_the_end()
    counted_to_the_end()
    found = amounts(Organ.objects.all(), NOVEMBER, measures())[of.bureau.pk]
    assert (found["received"], found["decided"], found["denied"], found["decided_late"]) == (1, 5, 5, 5)
    october = amounts(Organ.objects.all(), Period(2026, 10), measures())[of.bureau.pk]
    assert (october["decided"], october["decided_late"], october["days_used"]) == (3, 0, 48)
    assert amounts([of.bureau.pk], Period(2026), measures())[of.bureau.pk]["decided"] == 8
    once = rolled_up()
    count_anew()
    counted_to_the_end()
    assert rolled_up() == once


def test_the_rows_behind_a_figure_are_as_many_as_it_says(of: Hall) -> None:
    case = accepted(of, moment("11-02"))
    acts(case, "grant", "11-03", 4, left=1, used=2, promised=3)
    counted_to_the_end()
    asked = measures()
    [by_item] = amounts_within(of.bureau, NOVEMBER, "item", asked).values()
    by_organ = amounts([of.bureau.pk], NOVEMBER, asked)[of.bureau.pk]
    assert by_item == by_organ
    for code, each in asked.items():
        if each.event and not each.sum:
            assert events_of([of.bureau.pk], NOVEMBER).filter(each.condition).count() == by_organ[code], code


def test_a_changed_measure_is_counted_from_the_first_event_on(of: Hall, monkeypatch: MonkeyPatch) -> None:
    accepted(of, moment("11-02"))
    counted_to_the_end()
    other = MonitoringMeasure(label="受理", event="cases.acted", where={"act": ["accept"]})
    monkeypatch.setattr(module, "measures", lambda: {**measures(), "received": other, "more": other})
    MeasureCount.objects.filter(measure="accepted").update(amount=70)
    counted_to_the_end()
    told = {measure: amount for measure, _, amount in rolled_up()}
    assert (told["received"], told["more"], told["accepted"]) == (1, 1, 70)


def test_a_decision_tells_how_long_it_took(of: Hall) -> None:
    case = examined(of, accepted(of, moment("11-02")), moment("11-03"))
    decide(case, granted=True, by=of.head, at=moment("12-01"))
    [told] = Event.objects.filter(kind=ACTED.code, data__act="grant")
    assert (told.data["left"], told.data["used"], told.data["promised"]) == (-1, 21, 20)


@pytest.mark.parametrize(
    "text",
    (
        "9" * 299 + "e9",
        "__import__('os')",
        "received.real",
        "[received]",
        "received ** 9",
        "1 if received else 2",
        "min()",
        "x +",
    ),
)
def test_a_formula_is_arithmetic_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match="公式"):
        Formula(text)


def test_formulas_scores_and_mistakes_in_the_files(tmp_path: Path) -> None:
    assert Formula("100 * (decided - min(late, 2)) / decided").value({"decided": 4, "late": 9}) == 50
    assert Formula("1 / received").value({}) is None
    assert Formula("received * 9e307 * 9e307").value({"received": 9}) is None, "beyond all numbers"
    assert Formula("-1 * (received - -2)").value({"received": 3}) == -5
    liked = assessment().indicators["satisfied"].read_formula
    assert liked.value({"rated": 10, "rated_bad": 2, "rated_excluded": 2}) == 100
    on_time = assessment().indicators["on-time"]
    assert [on_time.score(value) for value in (100, 90, 80, 10)] == [100, 50, 0, 0]
    red = assessment().indicators["red"]
    assert [red.score(value) for value in (0, 10, 50)] == [100, 50, 0]
    for name, model, text, told in (
        ("a.toml", Measures, '[a]\nlabel = "甲"\nevent = "no.kind"', "没有这种事件"),
        ("b.toml", Measures, '[a]\nlabel = "甲"\nevent = "cases.acted"\nwhere = { deed = 1 }', "deed"),
        ("c.toml", Measures, '[a]\nlabel = "甲"\nfinding = ["no-rule"]', "no-rule"),
        (
            "d.toml",
            Assessment,
            'excellent = 90\ngood = 75\npassing = 60\nleast_weight = 50\nleast_peers = 2\n[indicators.a]\nlabel = "甲"\nformula = "nothing"\n'
            'cases = "received"\nsmallest = 1\nfull = 1\nzero = 0\nweight = 1',
            "nothing",
        ),
        (
            "e.toml",
            Assessment,
            'excellent = 90\ngood = 75\npassing = 60\nleast_weight = 50\nleast_peers = 2\n[indicators.a]\nlabel = "甲"\nformula = "received"\n'
            'cases = "received"\nsmallest = 1\nfull = inf\nzero = 0\nweight = 1',
            "full",
        ),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=told):
            read_declaration(tmp_path / name, model, called="测试")


def test_peers_are_ranked_among_themselves_and_few_cases_are_not_scored() -> None:
    county, town = make.division("990203", "示例县"), make.division("990203001", "示例镇")
    good, bad, small = (make.organ(f"示例县{name}局", division=county) for name in ("甲", "乙", "丙"))
    other = make.organ("示例镇政府", kind="town", division=town)
    full = {"received": 100, "decided": 100, "days_used": 50, "days_promised": 100}
    found = {
        good.pk: full,
        bad.pk: {**full, "decided_late": 20},
        small.pk: {"received": 1, "decided": 1, "decided_late": 1},
        other.pk: {**full, "decided_late": 30},
    }
    tiers = assess([bad, good, small, other], found)
    told = {each.organ.pk: (each.rank, each.grade) for peers in tiers.values() for each in peers}
    assert len(tiers) == 2 and told[good.pk] == (1, "优秀") and told[other.pk] == (None, "同类单位少，不排名")
    assert told[bad.pk][0] == 2 and told[small.pk] == (None, "样本少")


def test_an_organ_with_little_of_its_weight_scored_is_not_ranked_and_few_ratings_say_why_they_are_not_told() -> None:
    county = make.division("990203", "示例县")
    good, bad, liked = (make.organ(f"示例县{name}局", division=county) for name in ("甲", "乙", "丙"))
    full = {"received": 100, "decided": 100, "days_used": 50, "days_promised": 100}
    found = {good.pk: full, bad.pk: {**full, "decided_late": 20, "rated": 3}, liked.pk: {"rated": 29, "rated_bad": 3}}
    [peers] = assess([good, bad, liked], found).values()
    told = {each.organ.pk: each for each in peers}
    assert (told[liked.pk].rank, told[liked.pk].score, told[liked.pk].grade) == (None, None, "数据不足，不排名")
    satisfied = told[liked.pk].figures["satisfied"]
    assert satisfied.value == 89.66 and satisfied.score and 79 < satisfied.score < 80
    assert (told[good.pk].rank, told[bad.pk].rank) == (1, 2)
    few = told[bad.pk].figures["satisfied"]
    assert few.value is None and few.why_none == "评价的人太少"
    assert told[good.pk].figures["satisfied"].why_none == "没有评价"


def test_a_city_s_board_weighs_the_year_of_organs_with_a_month_of_few_raters_alone(monkeypatch: MonkeyPatch) -> None:
    of, weighed = hall(), list[object]()
    rated = {"示例县甲局": (9, 9), "示例县乙局": (9, 2), "示例县丙局": (0, 0)}
    organs = {name: make.organ(name, division=of.bureau.division) for name in rated}
    for name, amounts_of in rated.items():
        for month, amount in zip((NOVEMBER.before, NOVEMBER), amounts_of, strict=True):
            MeasureCount.objects.create(organ=organs[name], month=month.first, measure="rated", amount=amount)
    MeasureCount.objects.create(organ=organs["示例县丙局"], month=NOVEMBER.first, measure="rated_bad", amount=1)

    def counted(raters: Mapping[date, int], *, least: int) -> set[date]:
        weighed.append(raters)
        return withheld(raters, least=least)

    monkeypatch.setattr(withheld_ratings, "withheld", counted)
    few = withheld_ratings.withheld_organs(Organ.objects.all(), NOVEMBER)
    assert few == {organs["示例县乙局"].pk, organs["示例县丙局"].pk}, "of few, and told to be bad by nobody who rated"
    assert len(weighed) == 1, "three thousand organs' months are not read to see that they are many"
    assert withheld_ratings.withheld_organs(Organ.objects.all(), Period(2026)) == {organs["示例县丙局"].pk}
