"""The table of classes of words, as an office keeps it."""

import csv
from collections import Counter

from django.conf import settings

from banshi.search.meanings import KINDS, meanings_in
from banshi.search.relevance_eval import questions
from banshi.search.words import key


def rows() -> list[dict[str, str]]:
    with (settings.DATA / "vocab" / "meanings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_class_has_a_name_of_its_own_a_kind_and_each_word_once() -> None:
    assert [name for name, n in Counter(row["类"] for row in rows()).items() if n > 1] == []
    assert {row["是"] for row in rows()} == set(KINDS)
    assert [(row["类"], word) for row in rows() for word, n in Counter(row["说法"].split("|")).items() if n > 1] == []


def test_no_question_we_are_judged_by_is_a_word() -> None:
    words = {key(word) for row in rows() for word in row["说法"].split("|")}
    asked = {
        key(each.text)
        for file in ("counter.csv", "doorstep.csv", "blind.csv", "indirect.csv")
        for each in questions(file)
    }
    assert {each for each in asked if len(each) > 5} & words == set()


def test_different_words_for_one_matter_are_of_one_class() -> None:
    assert set(meanings_in("老板跑路")) & set(meanings_in("包工头不给钱"))
    assert set(meanings_in("租给大户")) & set(meanings_in("土地流转"))


def test_the_longest_word_counts_and_a_character_only_where_it_is_a_word() -> None:
    assert set(meanings_in("公积金贷款")) >= set(meanings_in("公积金")) | set(meanings_in("贷款"))
    assert meanings_in("各种各样") == ()
    assert meanings_in("种 菜")
