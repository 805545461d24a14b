"""What is about the same is offered in whatever words it is said: pairs of data/feedback/alike.csv, half of them held out."""

import csv
from collections.abc import Iterable
from hashlib import sha256

import pytest
from django.conf import settings
from django.test import Client

from banshi.feedback.models import KnowledgeEntry, Wish
from banshi.feedback.queries import similar_wishes, wanted_in_searches
from banshi.feedback.similarity import SIMILAR_FROM, similarity
from banshi.search.actions import record_miss
from tests import factories as make
from tests.cases.hall import calendars, moment
from tests.feedback.test_wishes import MONDAY, wished

pytestmark = pytest.mark.django_db
Pair = tuple[str, str, bool]


def pairs() -> tuple[list[Pair], list[Pair]]:
    """The tuning half and the held-out one, by the digest of a pair."""
    halves: tuple[list[Pair], list[Pair]] = [], []
    with (settings.DATA / "feedback" / "alike.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one, other = row["一句"], row["另一句"]
            number = int(sha256((one + other).encode()).hexdigest(), 16)
            halves[number % 2].append((one, other, row["相近"] == "是"))
    return halves


def marks(some: Iterable[Pair]) -> tuple[float, float]:
    """Precision and recall."""
    told = [(similarity(one, other) >= SIMILAR_FROM, like) for one, other, like in some]
    right = sum(found and like for found, like in told)
    return right / sum(found for found, _ in told), right / sum(like for _, like in told)


def test_precision_and_recall_are_no_worse_than_told_in_the_docs() -> None:
    tuning, held_out = pairs()
    assert (len(tuning), len(held_out)) == (32, 28)
    for half, precision, recall in ((tuning, 0.44, 0.7), (held_out, 0.8, 0.65)):
        found = marks(half)
        assert found[0] >= precision and found[1] >= recall, found


def test_wishes_and_answers_are_found_in_other_words() -> None:
    calendars()
    bureau = make.organ("示例县教育局")
    wished(bureau, "入学报名能不能网上办")
    wished(bureau, "医院门口多划些停车位")
    assert [each.title for each in similar_wishes("孩子上学排队太久")] == ["入学报名能不能网上办"]
    asked = {"organ": bureau, "published_at": MONDAY}
    KnowledgeEntry.objects.create(question="社会保障卡遗失怎么补领？", answer="在手机上挂失、补领。", **asked)
    KnowledgeEntry.objects.create(question="图书馆晚上几点关门？", answer="晚上九点。", **asked)
    shown = Client().get("/ask/alike/", {"q": "我的社保卡丢了，窗口排队排了一上午，能不能在家里补办"}).content.decode()
    assert "在手机上挂失" in shown and "晚上九点" not in shown


def test_what_is_only_alike_is_never_grouped_by_itself() -> None:
    calendars()
    bureau = make.organ("示例县教育局")
    for said in ("孩子上学排队太久", "入学报名网上办理"):
        record_miss(said, at=moment("11-02"))
        wished(bureau, said)
    assert [len(each.texts) for each in wanted_in_searches(since=MONDAY.date())] == [1, 1]
    assert set(Wish.objects.values_list("merged_into", flat=True)) == {None}
