"""`banshi due`: the same code as every clock, asked from outside."""

import json

import pytest
from tests.command.test_keeping import run

pytestmark = pytest.mark.django_db


def asked(*options: str) -> tuple[str | None, list[str]]:
    found = run("due", *options, "--json")
    assert found.exit_code == 0, found.output
    answer = json.loads(found.output)
    return answer["due"], answer["why"]


@pytest.mark.parametrize(
    ("options", "day"),
    [
        (("--from", "2026-02-11", "--limit", "20"), "2026-03-17"),
        (("--from", "2026-04-27", "--limit", "20", "--extend", "10"), "2026-06-10"),
        (("--from", "2026-09-14", "--limit", "20", "--stop", "2026-09-21:2026-09-30"), "2026-10-26"),
        (
            (
                "--from",
                "2026-03-02",
                "--limit",
                "20",
                "--stop",
                "2026-03-09:2026-03-20",
                "--stop",
                "2026-03-16:2026-03-27",
            ),
            "2026-04-20",
        ),
        (("--from", "2026-08-05", "--limit", "60", "--unit", "day"), "2026-10-08"),
        (("--from", "2026-01-31", "--limit", "1", "--unit", "month"), "2026-02-28"),
        (("--from", "2026-12-10", "--limit", "20"), "2027-01-08"),
    ],
)
def test_the_last_day_is_that_of_the_clocks(options: tuple[str, ...], day: str) -> None:
    assert asked(*options)[0] == day


def test_each_interval_is_said() -> None:
    _, why = asked("--from", "2026-09-14", "--limit", "20", "--stop", "2026-09-21:2026-09-30")
    assert why == [
        "2026年9月14日开始，当天不算，从第二天起算",
        "期限20个工作日，休息日和法定节假日不算",
        "2026年9月22日至2026年9月30日停止计时，这6个工作日不算",
        "期间有6个周一至周五放假、2个周末上班",
        "最后一天是2026年10月26日",
    ]


def test_a_stop_still_open_has_no_last_day() -> None:
    day, why = asked("--from", "2026-09-14", "--limit", "20", "--stop", "2026-09-21:")
    assert day is None
    assert "还没有恢复" in why[-1]


def test_a_day_of_rest_is_postponed_and_a_year_nobody_arranged_is_said() -> None:
    assert (
        "2026年10月4日是休息日，顺延到下一个工作日"
        in asked("--from", "2026-08-05", "--limit", "60", "--unit", "day")[1]
    )
    assert "2027年的放假安排还没有录入" in asked("--from", "2026-12-10", "--limit", "20")[1][-1]


@pytest.mark.parametrize("stop", ["2026-09-30:2026-09-21", "早上", ":"])
def test_a_stop_nobody_can_read_is_refused_in_words(stop: str) -> None:
    found = run("due", "--from", "2026-09-14", "--limit", "20", "--stop", stop)
    assert found.exit_code == 2
    assert "--stop" in found.output


HAND = [
    ("a stop within a stop and one that touches it", "2026-03-02", 10, "working", 0, ["03-03:03-10", "03-05:03-06", "03-10:03-12"], "2026-03-25"),
    ("a stop begun before the clock", "2026-07-01", 5, "working", 0, ["06-25:07-03"], "2026-07-10"),
    ("a stop that begins on the last day", "2026-07-06", 5, "working", 0, ["07-13:07-20"], "2026-07-13"),
    ("a stop still open that begins after the last day", "2026-07-06", 5, "working", 0, ["07-14:"], "2026-07-13"),
    ("two stops with one running day between them", "2026-11-02", 10, "working", 0, ["11-04:11-06", "11-09:11-11"], "2026-11-20"),
    ("a stop over nothing but a holiday", "2026-04-27", 10, "working", 0, ["04-30:05-05"], "2026-05-13"),
    ("a stop opened and closed on one day", "2026-07-06", 5, "working", 0, ["07-08:07-08"], "2026-07-13"),
    ("over new year into a year nobody has arranged", "2026-12-14", 10, "working", 0, [], "2026-12-28"),
    ("extended over that new year", "2026-12-14", 10, "working", 10, [], "2027-01-12"),
    ("over a spring festival nobody has arranged", "2027-02-01", 5, "working", 0, [], "2027-02-10"),
    ("over the new year of two arranged years", "2025-12-24", 10, "working", 0, [], "2026-01-08"),
    ("a Sunday that works in 2025", "2025-09-26", 5, "working", 0, [], "2025-10-10"),
    ("received on a day of the national holiday", "2026-10-03", 5, "working", 0, [], "2026-10-13"),
    ("received on a Sunday", "2026-07-12", 5, "working", 0, [], "2026-07-17"),
    ("at once, on a holiday", "2026-02-18", 0, "working", 0, [], "2026-02-24"),
    ("months to the last day of February, a Sunday", "2026-08-31", 6, "month", 0, [], "2027-03-01"),
    ("months extended to the last day of February", "2026-10-31", 3, "month", 1, [], "2027-03-01"),
    ("a year from a leap day", "2024-02-29", 12, "month", 0, [], "2025-02-28"),
    ("four years from a leap day", "2024-02-29", 48, "month", 0, [], "2028-02-29"),
    ("a month from a 31st to a 30th", "2026-03-31", 1, "month", 0, [], "2026-04-30"),
    ("a month that ends in a holiday", "2026-09-01", 1, "month", 0, [], "2026-10-08"),
    ("a month with a stop", "2026-01-31", 1, "month", 0, ["02-10:02-20"], "2026-03-10"),
    ("natural days that end in a holiday", "2026-09-25", 7, "day", 0, [], "2026-10-08"),
    ("natural days that end on a Saturday that works", "2026-02-13", 15, "day", 0, [], "2026-02-28"),
    ("natural days that end on a Sunday that works", "2026-09-10", 10, "day", 0, [], "2026-09-20"),
    ("natural days with a stop, to a Saturday", "2026-06-01", 30, "day", 0, ["06-10:06-20"], "2026-07-13"),
    ("natural days with stops that overlap", "2026-06-01", 30, "day", 0, ["06-10:06-20", "06-15:06-25"], "2026-07-16"),
]  # fmt: skip
"""Counted by hand on the calendar, before the program was asked."""


@pytest.mark.parametrize(
    ("begun", "limit", "unit", "extended", "stops", "last"), [pytest.param(*each[1:], id=each[0]) for each in HAND]
)
def test_what_was_counted_by_hand(
    begun: str, limit: int, unit: str, extended: int, stops: list[str], last: str
) -> None:
    spans = [":".join(f"{begun[:4]}-{day}" if day else "" for day in each.split(":")) for each in stops]
    told = [part for each in spans for part in ("--stop", each)]
    day, why = asked("--from", begun, "--limit", str(limit), "--unit", unit, "--extend", str(extended), *told)
    assert day == last
    assert any("放假安排还没有录入" in line for line in why) == (last > "2027")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--from", "2026-02-30", "--limit", "5"),
        ("--from", "2026-02-03", "--limit", "-1"),
        ("--from", "2026-02-03", "--limit", "99999999"),
        ("--from", "2026-02-03", "--limit", "99999999", "--unit", "month"),
        ("--from", "2026-02-03", "--limit", "5", "--extend", "99999999"),
        ("--from", "2026-02-03", "--limit", "5", "--unit", "year"),
        ("--from", "9999-12-30", "--limit", "5", "--unit", "day"),
    ],
)
def test_what_is_no_day_and_no_limit_is_refused_in_words(wrong: tuple[str, ...]) -> None:
    found = run("due", *wrong)
    assert found.exit_code == 2, found.output
    assert not found.exception or isinstance(found.exception, SystemExit)
