"""The table of how people speak of services, as an office keeps it."""

import csv
from collections import Counter

import pytest
from benchmarks.search import city_entries
from django.conf import settings

from banshi.search.relevance_eval import questions
from banshi.search.spoken import ASKED, SPOKEN, asked_for, said_in, spoken_words
from banshi.search.words import key

Row = tuple[str, list[str]]


@pytest.fixture(scope="module", params=[SPOKEN, ASKED], ids=["spoken", "asked"])
def rows(request: pytest.FixtureRequest) -> list[Row]:
    return _read(request.param)


def _read(table: tuple[str, str]) -> list[Row]:
    name, column = table
    with (settings.DATA / "vocab" / name).open(encoding="utf-8", newline="") as file:
        return [(row["事项"], row[column].split("|")) for row in csv.DictReader(file)]


def test_a_service_has_one_row_and_no_way_twice(rows: list[Row]) -> None:
    assert [name for name, n in Counter(" ".join(sorted(name.split())) for name, _ in rows).items() if n > 1] == []
    assert [(name, way) for name, ways in rows for way, n in Counter(map(key, ways)).items() if n > 1] == []


def test_ways_are_short_and_not_empty(rows: list[Row]) -> None:
    assert [(name, way) for name, ways in rows for way in ways if not 0 < len(key(way)) <= 20] == []


def test_each_row_speaks_of_a_service_there_is(rows: list[Row]) -> None:
    with (settings.DATA / "demo" / "reference.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {key(row["name"]) for row in csv.DictReader(file)} | {key(each.name) for each in city_entries()}
    known = [name for name, _ in rows if any(all(key(part) in each for part in name.split()) for each in names)]
    assert [name for name, _ in rows if name not in known] == []


def test_nearly_every_guide_of_the_city_is_spoken_of() -> None:
    names = [each.name for each in city_entries() if each.is_example]
    assert sum(len(spoken_words(each)) >= 6 for each in names) / len(names) >= 0.9
    assert sum(len(asked_for(each)) >= 3 for each in names) / len(names) >= 0.9


def test_no_question_we_are_judged_by_is_a_row() -> None:
    spoken = ["villagers.csv", "villagers-held-out.csv", "spoken.csv", "spoken-held-out.csv", "fresh.csv"]
    every = [each.name for each in (settings.DATA / "search").glob("*.csv") if each.name != "outside.csv"]
    for table, files in ((SPOKEN, spoken), (ASKED, every)):
        asked = {key(each.text) for file in files for each in questions(file) if len(each.text) > 5}
        assert asked & {key(way) for _, ways in _read(table) for way in ways} == set()


def test_the_longest_ways_are_recognised_wherever_they_stand() -> None:
    known = {"公司", "被公司裁了"}
    assert said_in("我弟弟被公司裁了怎么办", known.__contains__) == ("被公司裁了",)
    assert said_in("在这里什么也没有说", known.__contains__) == ()
