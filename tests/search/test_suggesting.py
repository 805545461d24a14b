import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banshi.search.index import rebuild
from banshi.search.queries import suggest
from tests.factories import category, guide, item, organ, publication
from tests.search.test_finding import HOSTILE, publish_all, text_of

pytestmark = pytest.mark.django_db


def offered(text: str, kind: str) -> list[str]:
    return [each.text for each in suggest(text) if each.kind == kind]


@pytest.mark.parametrize("typed", ["社", "社会", "社会保障卡挂", "sbk", "shb", "shehuib", "shebao", "社保ka", "社保"])
def test_items_as_they_are_typed(typed: str) -> None:
    publish_all("社会保障卡挂失", "居住证申领")
    assert offered(typed, "item") == ["社会保障卡挂失"]


def test_an_item_leads_to_its_page() -> None:
    published = publication(text=text_of("居住证申领"))
    rebuild()
    assert [each.guid for each in suggest("居住证") if each.kind == "item"] == [str(published.item.guid)]


def test_words_that_begin_so() -> None:
    publish_all("社会保障卡挂失")
    assert "社会保障" in "".join(offered("社会", "query"))
    assert "社保卡" in offered("sbk", "query")


def test_organs_and_categories() -> None:
    owner = organ("示例县民政局", short_name="民政局")
    publication(of=item(at=owner, text=text_of("甲事项"), category=category("relief", "民政救助")))
    rebuild()
    for typed in ("民政", "minzheng", "mz"):
        assert offered(typed, "organ") == ["民政局"]
        assert offered(typed, "category") == ["民政救助"]


def test_no_text_twice_and_no_more_than_asked_for() -> None:
    publish_all(*(f"居住证申领{number}" for number in range(9)))
    texts = [each.text for each in suggest("居住证", limit=5)]
    assert len(texts) == len(set(texts)) == 5


def test_nothing_typed_nothing_offered() -> None:
    assert suggest("") == suggest("  ") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    publish_all("居住证申领")
    assert isinstance(suggest(text), list)


def test_without_an_index_names_are_offered_from_the_database() -> None:
    publication(text=guide("居住证申领"))
    assert offered("居住", "item") == ["居住证申领"]


def test_typing_on_asks_the_database_nothing() -> None:
    publish_all("居住证申领")
    suggest("居")
    with CaptureQueriesContext(connection) as queries:
        suggest("居住")
    assert len(queries) == 0
