import csv
from pathlib import Path
from typing import Any

import pytest
from benchmarks.search import city_entries, index_of, sample_entries
from django.test import override_settings

from banshi.search.documents import IndexedItem
from banshi.search.relevance_eval import LabelledQuestion, Marks, judge, questions

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def catalogue() -> list[IndexedItem]:
    return sample_entries()


def test_every_label_is_an_item_of_the_samples(catalogue: list[IndexedItem]) -> None:
    from banshi.search.words import key

    names = {key(each.name) for each in catalogue}
    assert [(q.text, item) for q in questions() for item in q.items if key(item) not in names] == []


def test_there_are_enough_questions_and_both_halves_are_halves() -> None:
    held_out = [each for each in questions() if each.held_out]
    assert len(questions()) >= 120
    assert 0.4 < len(held_out) / len(questions()) < 0.6


def test_real_questions_are_answered(catalogue: list[IndexedItem]) -> None:
    """The floor, well under the figures of the benchmark, for the half nothing was tuned with."""
    from banshi.search.queries import find

    index_of(catalogue)
    marks = judge(lambda text: [hit.name for hit in find(text, per_page=10).hits], questions()).half(held_out=True)
    assert marks.within(1) >= 0.85
    assert marks.within(3) >= 0.92


@pytest.fixture(scope="module")
def index_of_the_city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city") / "index"
    with django_db_blocker.unblock(), override_settings(SEARCH_INDEX=folder):
        index_of(city_entries())
    return folder


@pytest.fixture
def city(index_of_the_city: Path, settings: Any) -> None:
    settings.SEARCH_INDEX = index_of_the_city


VILLAGERS = {
    "villagers.csv": 0.97,
    "villagers-held-out.csv": 0.95,
    "spoken.csv": 0.97,
    "spoken-held-out.csv": 0.97,
    "fresh.csv": 0.9,
    "unseen.csv": 0.92,
    "counter.csv": 0.95,
    "doorstep.csv": 0.9,
    "blind.csv": 0.9,
    "indirect.csv": 0.95,
    "townsfolk.csv": 0.97,
    "townsfolk-roundabout.csv": 0.95,
    "errands.csv": 0.97,
    "afterwards.csv": 0.95,
    "later.csv": 0.88,
    "rowwise.csv": 0.92,
    "roundabout.csv": 0.95,
    "roundabout-afterwards.csv": 0.9,
    "hearsay.csv": 0.97,
    "byways.csv": 0.85,
    "byways-afterwards.csv": 0.95,
}
NOT_HALVED = (
    "fresh.csv",
    "unseen.csv",
    "counter.csv",
    "doorstep.csv",
    "blind.csv",
    "indirect.csv",
    "townsfolk.csv",
    "townsfolk-roundabout.csv",
    "errands.csv",
    "afterwards.csv",
    "later.csv",
    "rowwise.csv",
    "roundabout.csv",
    "roundabout-afterwards.csv",
    "hearsay.csv",
    "byways.csv",
    "byways-afterwards.csv",
)


def test_villagers_are_answered_by_their_own_city(city: None) -> None:
    from banshi.search.queries import find

    marks = {
        file: judge(lambda text: [hit.name for hit in find(text, per_page=10).hits], questions(file))
        for file in VILLAGERS
    }
    reached = {file: marks[file].within(3) for file in VILLAGERS}
    assert {file: share for file, share in reached.items() if share < VILLAGERS[file]} == {}
    for file in ("townsfolk.csv", "townsfolk-roundabout.csv", "errands.csv"):
        assert marks[file].half(held_out=True).within(3) >= 0.97


def test_villagers_questions_are_halved_by_digest_and_labelled_with_items_that_exist() -> None:
    from banshi.search.words import key

    names = {key(each.name) for each in city_entries()}
    for file in VILLAGERS:
        asked = questions(file)
        assert file in NOT_HALVED or all(each.held_out == ("held-out" in file) for each in asked)
        assert [(each.text, item) for each in asked for item in each.items if key(item) not in names] == []


def test_enough_of_them_are_new() -> None:
    assert len(questions("spoken.csv")) + len(questions("spoken-held-out.csv")) >= 150
    assert len(questions("errands.csv")) >= 150


@pytest.mark.parametrize("question", ["信访", "普通话", "阿斯顿发火箭", "路灯坏了", "宽带", "12329"])
def test_what_nobody_here_handles_finds_nothing(city: None, question: str) -> None:
    from banshi.search.queries import find

    assert find(question).total == 0


def test_what_nobody_here_handles_is_never_said_to_be_found(city: None, settings: Any) -> None:
    from banshi.search.queries import find

    with (settings.DATA / "search" / "outside.csv").open(encoding="utf-8", newline="") as file:
        asked = [row["question"] for row in csv.DictReader(file)]
    answers = {question: find(question) for question in asked}
    assert [question for question, answer in answers.items() if answer.total and not answer.partial] == []


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("城乡居民医保缴费", "城乡居民基本医疗保险参保登记"),
        ("老伴去世了要办什么", "企业职工丧葬补助金和抚恤金申领"),
        ("农村房子要塌了", "房屋安全鉴定"),
        ("身份证丢了怎么补", "居民身份证申领换领补领"),
        ("补结婚证", "补领结婚证"),
        ("补办结婚证", "补领结婚证"),
        ("重办结婚证", "补领结婚证"),
        ("补办社保卡", "社会保障卡补领换领"),
        ("图书馆", "读者证办理"),
        ("农村合作医疗", "城乡居民基本医疗保险参保登记"),
        ("外地人办身份证", "居民身份证申领换领补领"),
        ("luxingshe", "旅游投诉受理"),
        ("大病救助", "医疗救助对象手工（零星）报销"),
    ],
)
def test_what_people_missed_comes_first(city: None, question: str, item: str) -> None:
    from banshi.search.queries import find
    from banshi.search.words import key

    assert key(find(question).hits[0].name) == key(item)


def test_another_document_s_replacement_is_no_answer(city: None) -> None:
    from banshi.search.queries import find

    lost = ("护照丢了怎么补", "驾照到期换证", "手机卡丢了", "银行卡丢了", "学生证丢了补办", "行驶证丢了")
    assert {question: find(question).total for question in lost} == dict.fromkeys(lost, 0)
    assert {hit.name for hit in find("驾驶证丢了").hits} == {"机动车驾驶证公证（指引）"}
    assert find("医保卡掉了").hits[0].name.startswith("社会保障卡")
    assert find("考了电工证可以领补贴吗").total > 1, "what is asked for is not the document"


def test_what_is_only_near_says_so(city: None) -> None:
    from banshi.search.queries import find

    assert find("户口本丢了").partial, "nothing here replaces a lost household register"


def test_the_examples_the_portal_gives_are_found_as_they_stand(catalogue: list[IndexedItem]) -> None:
    from banshi.search.queries import find
    from banshi.sites.portal.search.results import EXAMPLES, IN_THE_BOX

    index_of(catalogue)
    for example in (*IN_THE_BOX, *EXAMPLES):
        found = find(example)
        assert found.total and not found.corrected, example


def test_marks_count_the_first_acceptable_item() -> None:
    asked = [LabelledQuestion("甲", ("一", "二")), LabelledQuestion("乙", ("三",)), LabelledQuestion("丙", ("四",))]
    found = {"甲": ["零", "二", "一"], "乙": ["三"], "丙": ["零"]}
    marks = judge(lambda text: found[text], asked)
    assert [each.rank for each in marks.asked] == [2, 1, 0]
    assert (marks.within(1), marks.within(3)) == pytest.approx((1 / 3, 2 / 3))
    assert marks.reciprocal_rank == pytest.approx(0.5)


def test_no_questions_no_marks() -> None:
    assert Marks().within(1) == 0
