"""The console's pages on searching, as those who may edit, those who may look, and everyone else see them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories import organ, publication, user
from tests.search.test_finding import publish_all, text_of

from banshi.core.clock import stopped_at
from banshi.people.models import User
from banshi.search.actions import add_synonym, record_miss
from banshi.search.index import rebuild
from banshi.search.models import Synonym
from banshi.search.vocabulary import look_again
from banshi.sites.console.searches.views import PAGE

pytestmark = pytest.mark.django_db
PAGES = [
    "/console/searches/",
    "/console/searches/synonyms/",
    "/console/searches/try/?q=居住证",
    "/console/searches/quality/",
]


@pytest.fixture
def signed_in(noon: datetime) -> Callable[[User], Client]:
    cache.clear()
    look_again()

    def sign_in(who: User) -> Client:
        client = Client()
        client.force_login(who)
        return client

    return sign_in


@pytest.fixture
def publisher() -> User:
    return user("publisher", organ())


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_sees_the_pages(page: str, signed_in: Callable[[User], Client]) -> None:
    assert Client().get(page).status_code == 302
    assert signed_in(user("clerk", organ())).get(page).status_code == 403
    assert signed_in(user("leader", organ())).get(page).status_code == 200


def test_misses_by_count_and_by_time(noon: datetime, publisher: User, signed_in: Callable[[User], Client]) -> None:
    for days, words in ((0, "新签证"), (1, "旧签证"), (2, "旧签证"), (40, "老签证")):
        record_miss(words, at=noon - timedelta(days=days))
    client = signed_in(publisher)
    with stopped_at(noon):
        by_count, by_time = text(client, "/console/searches/"), text(client, "/console/searches/?order=last")
        assert by_count.index("旧签证") < by_count.index("新签证")
        assert by_time.index("新签证") < by_time.index("旧签证")
        assert "老签证" not in by_count
        assert "老签证" in text(client, "/console/searches/?period=all")


@pytest.mark.parametrize("order", ["times", "last"])
def test_misses_go_on_after_the_last_row_shown(
    order: str, noon: datetime, publisher: User, signed_in: Callable[[User], Client]
) -> None:
    for number in range(PAGE + 3):
        record_miss(f"问法{number:03d}号", at=noon - timedelta(minutes=number % 4))
    client = signed_in(publisher)
    with stopped_at(noon):
        first = client.get("/console/searches/", {"period": "7", "order": order}).context["page"]
        second = client.get(f"/console/searches/?{first.after}").context["page"]
    assert len(second.rows) == 3 and not second.after
    assert len({each["text"] for each in first.rows + second.rows}) == PAGE + 3


def test_a_period_or_page_nobody_offers_is_as_if_not_asked(
    publisher: User, signed_in: Callable[[User], Client]
) -> None:
    assert "没有落空的搜索" in text(signed_in(publisher), "/console/searches/?period=x&order=y&after=z")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_misses_costs_the_same_however_long(
    count: int, noon: datetime, publisher: User, signed_in: Callable[[User], Client]
) -> None:
    for number in range(count):
        record_miss(f"签证{number}", at=noon)
    client = signed_in(publisher)
    with stopped_at(noon):
        text(client, "/console/searches/")
        with CaptureQueriesContext(connection) as asked:
            text(client, "/console/searches/")
    assert len([each for each in asked if "search_miss" in each["sql"]]) == 1


def test_a_miss_becomes_a_synonym_that_works(
    noon: datetime,
    publisher: User,
    signed_in: Callable[[User], Client],
    django_capture_on_commit_callbacks,  # type: ignore[no-untyped-def]
) -> None:
    publish_all("渔业船舶登记")
    record_miss("打渔船", at=noon)
    client = signed_in(publisher)
    assert "一项也没找到" in text(client, "/console/searches/try/?q=打渔船")
    assert 'value="打渔船"' in text(client, "/console/searches/synonyms/?term=打渔船")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/console/searches/synonyms/", {"term": "打渔船", "means": "渔业船舶、渔船登记"})
    assert answer.status_code == 302
    page = text(client, answer["Location"])
    assert "<mark>渔业船舶</mark>登记" in page and "也算：渔业船舶、渔船登记" in page
    assert Synonym.objects.get().added_by == publisher


def test_what_is_wrong_with_a_synonym_is_told_at_its_field(
    publisher: User, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(publisher).post("/console/searches/synonyms/", {"term": "甲", "means": "乙丙"}).content.decode()
    assert "群众的说法要 2 到 20 个字" in page
    assert 'href="#id_term"' in page


def test_who_may_only_look_may_not_add_or_end(noon: datetime, signed_in: Callable[[User], Client]) -> None:
    added = add_synonym(term="打渔船", means=["渔业船舶"], by=user("publisher"), at=noon)
    client = signed_in(user("leader", organ()))
    assert "添加同义词" not in text(client, "/console/searches/synonyms/")
    assert client.post("/console/searches/synonyms/", {"term": "甲乙", "means": "丙"}).status_code == 403
    assert client.post(f"/console/searches/synonyms/{added.pk}/end/").status_code == 403
    assert Synonym.objects.filter(ended_at=None).count() == 1


def test_ending_asks_once_and_then_ends(noon: datetime, publisher: User, signed_in: Callable[[User], Client]) -> None:
    added = add_synonym(term="打渔船", means=["渔业船舶"], by=user("publisher"), at=noon)
    client = signed_in(publisher)
    assert "停用同义词“打渔船”" in text(client, f"/console/searches/synonyms/{added.pk}/end/")
    assert client.post(f"/console/searches/synonyms/{added.pk}/end/").status_code == 302
    assert client.get(f"/console/searches/synonyms/{added.pk}/end/").status_code == 404


def test_the_attempt_shows_what_was_understood(publisher: User, signed_in: Callable[[User], Client]) -> None:
    publish_all("生育津贴支付")
    page = text(signed_in(publisher), "/console/searches/try/?q=我想领生鱼津贴")
    assert "纠正为" in page and "<mark>生育津贴</mark>支付" in page


def test_script_in_the_question_is_text(publisher: User, signed_in: Callable[[User], Client]) -> None:
    publish_all("居住证申领")
    assert "<script>alert" not in text(signed_in(publisher), "/console/searches/try/?q=<script>alert(1)</script>")


def test_without_an_index_the_pages_say_so(publisher: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(publisher)
    assert "正在重建" in text(client, "/console/searches/try/?q=居住证")
    assert "正在重建" in text(client, "/console/searches/quality/")


def test_quality_asks_only_what_can_be_answered_here(publisher: User, signed_in: Callable[[User], Client]) -> None:
    publication(text=text_of("离婚登记预约"))
    rebuild()
    page = text(signed_in(publisher), "/console/searches/quality/")
    assert "100%" in page
    assert "用 2 个标注过答案的真实问法" in page
