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
