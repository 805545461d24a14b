"""The four plans of the seed over the seed's own dates, day by day. A year was left out there (20XX): any will do."""

from datetime import date, timedelta

import pytest

from banshi.calendar.working_days import WorkingCalendar
from banshi.campaigns.backward_planning import schedule_backwards
from banshi.campaigns.plan import plan_named

Days = tuple[date | None, date | None]


def day(month: int, number: int, year: int = 2027) -> date:
    return date(year, month, number)


SEED: dict[str, tuple[date, dict[tuple[tuple[str, ...], str], Days]]] = {
    # 1 黔江: four phases, each with first and last day.
    "concentrated": (
        day(6, 30),
        {
            (("listing",), "units"): (day(4, 26), day(5, 10)),
            (("guides",), "units"): (day(5, 11), day(5, 20)),
            (("review",), "units"): (day(5, 21), day(6, 10)),
            (("decide", "publish"), ""): (day(6, 11), day(6, 30)),
        },
    ),
    # 2 省: last days only; 公布 5 days after 审定 is ours.
    "three-rounds": (
        day(11, 5),
        {
            (("mobilise",), ""): (None, day(7, 25)),
            (("report-1",), "province"): (day(7, 26), day(8, 15)),
            (("review-1", "report-2", "review-2", "report-3", "review-3"), "province"): (day(8, 16), day(9, 15)),
            (("experts", "legal", "public"), ""): (day(9, 16), day(10, 15)),
            (("decide",), ""): (day(10, 16), day(10, 31)),
        },
    ),
    # 3 市: three batches; 公布 5 days after 审定 is ours, and 审定 has the last of the seed's ten days for itself.
    "two-rounds": (
        day(1, 25, 2028),
        {
            (("report-1",), "city"): (None, day(11, 25)),
            (("report-1",), "county"): (None, day(12, 5)),
            (("report-1",), "town"): (None, day(12, 15)),
            (("review-1",), "city"): (day(11, 20), day(11, 30)),
            (("review-1",), "county"): (day(12, 10), day(12, 20)),
            (("review-1", "report-2", "review-2"), "town"): (day(1, 4, 2028), day(1, 10, 2028)),
            (("experts", "legal", "public", "decide"), ""): (day(1, 11, 2028), day(1, 20, 2028)),
        },
    ),
    # 4 温州: 月底前 and 中旬 are last days; the public is asked inside 二审.
    "two-reports": (
        day(4, 30),
        {
            (("report-1",), "all"): (None, day(2, 28)),
            (("review-1",), "all"): (day(3, 1), day(3, 20)),
            (("report-2",), "all"): (day(3, 21), day(3, 31)),
            (("public",), ""): (day(4, 1), None),
            (("review-2",), "all"): (None, day(4, 20)),
            (("decide", "publish"), ""): (day(4, 21), day(4, 30)),
        },
    ),
}
ROWS = [
    (code, final, phases, batch, days) for code, (final, rows) in SEED.items() for (phases, batch), days in rows.items()
]


@pytest.mark.parametrize(("code", "final", "phases", "batch", "days"), ROWS)
def test_each_phase_has_the_days_of_the_seed(code, final, phases, batch, days):
    spans = schedule_backwards(plan_named(code), final, WorkingCalendar())
    mine = [each for each in spans if each.phase in phases and each.batch in (batch, "")]
    first, last = days
    assert len(mine) == len(phases)
    assert first in (None, min(each.begins for each in mine))
    assert last in (None, max(each.ends for each in mine))


@pytest.mark.parametrize("code", SEED)
def test_no_day_is_left_between_the_phases(code):
    final, _ = SEED[code]
    spans = schedule_backwards(plan_named(code), final, WorkingCalendar())
    covered = {s.begins + timedelta(n) for s in spans for n in range((s.ends - s.begins).days + 1)}
    first = min(covered)
    missing = [first + timedelta(n) for n in range((final - first).days) if first + timedelta(n) not in covered]
    # Between the second round of the counties and the towns' first, the seed itself has none.
    assert missing == []


def test_arguments_lawyers_and_the_public_come_side_by_side_in_the_city_s_plan():
    spans = {s.phase: s for s in schedule_backwards(plan_named("two-rounds"), day(1, 25, 2028), WorkingCalendar())}
    assert {spans[code].begins for code in ("experts", "legal", "public")} == {day(1, 11, 2028)}


def test_papers_are_asked_for_only_where_the_seed_asks():
    assert {code: plan_named(code).copies for code in SEED} == {
        "concentrated": 4,
        "three-rounds": 1,
        "two-rounds": 1,
        "two-reports": 0,
    }


def test_the_first_plan_is_limited_to_its_twelve_categories():
    assert len(plan_named("concentrated").scope.categories) == 12
    assert "other" not in plan_named("concentrated").scope.categories


@pytest.mark.parametrize("code", SEED)
def test_each_criterion_says_what_either_answer_means(code):
    criteria = plan_named(code).criteria
    assert len(criteria) == 6
    assert all(each.yes and each.no and each.yes != each.no and "符合" not in each.yes for each in criteria)
