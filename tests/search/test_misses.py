from datetime import datetime, timedelta

import pytest

from banshi.search import actions
from banshi.search.actions import record_miss, without_personal_data
from banshi.search.models import Miss
from banshi.search.queries import misses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("11010519491231002X 身份证", "*** 身份证"),
        ("电话138-1234-5678在哪", "电话***在哪"),
        ("13812345678", "***"),
        ("6222 0212 3456 7890 123", "***"),
        ("12345热线", "12345热线"),
        ("80岁补贴 2026年", "80岁补贴 2026年"),
    ],
)
def test_numbers_of_persons_are_masked(text: str, kept: str) -> None:
    assert without_personal_data(text) == kept


def test_a_miss_is_counted_once_a_day_and_question(noon: datetime) -> None:
    for hours in (0, 1, 30):
        record_miss("火星签证", at=noon + timedelta(hours=hours))
    assert [(each.day.day, each.count) for each in Miss.objects.order_by("day")] == [(23, 2), (24, 1)]


def test_spellings_of_one_question_are_one(noon: datetime) -> None:
    record_miss("火星签证?", at=noon)
    record_miss(" 火星签证 ", at=noon)
    assert Miss.objects.get().count == 2


def test_nothing_is_no_question(noon: datetime) -> None:
    record_miss("???", at=noon)
    assert not Miss.objects.exists()


def test_a_flood_is_not_kept(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MISSES_A_DAY", 3)
    for number in range(5):
        record_miss(f"甲{number}", at=noon)
    record_miss("甲0", at=noon)
    assert Miss.objects.count() == 3
    assert Miss.objects.get(text="甲0").count == 2


def test_misses_by_how_often(noon: datetime) -> None:
    for text, times in (("甲签证", 1), ("乙签证", 3)):
        for days in range(times):
            record_miss(text, at=noon - timedelta(days=days))
    assert [(each["text"], each["times"]) for each in misses()] == [("乙签证", 3), ("甲签证", 1)]
    assert [each["times"] for each in misses(since=noon.date())] == [1, 1]
