from datetime import datetime

import pytest

from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.search.actions import add_synonym, end_synonym
from banshi.search.queries import find, synonyms_in_use
from banshi.search.vocabulary import look_again
from tests.factories import user
from tests.search.test_finding import names, publish_all

pytestmark = pytest.mark.django_db


def test_an_added_synonym_works_without_a_new_index(noon: datetime) -> None:
    publish_all("渔业船舶登记", "居住证申领")
    assert names("打渔船上户") != ["渔业船舶登记"]
    add_synonym(term="打渔船", means=["渔业船舶"], by=user("publisher"), at=noon)
    look_again()
    assert names("打渔船") == ["渔业船舶登记"]
    assert find("渔业船舶").total == 1


def test_an_ended_one_works_no_more(noon: datetime) -> None:
    publish_all("渔业船舶登记")
    added = add_synonym(term="打鱼证", means=["渔业 登记"], one_way=True, by=user("publisher"), at=noon)
    look_again()
    assert names("打鱼证") == ["渔业船舶登记"]
    end_synonym(added, by=user("publisher"), at=noon)
    look_again()
    assert names("打鱼证") == []
    assert list(synonyms_in_use()) == []


def test_both_acts_are_in_the_ledger(noon: datetime) -> None:
    who = user("publisher")
    end_synonym(add_synonym(term="打渔船", means=["渔业船舶"], by=who, at=noon), by=who, at=noon)
    entries = LedgerEntry.objects.filter(action__startswith="search.").order_by("number")
    assert [(each.action, each.actor) for each in entries] == [
        ("search.add_synonym", who.ledger_id),
        ("search.end_synonym", who.ledger_id),
    ]


@pytest.mark.parametrize(
    ("term", "means", "field"),
    [
        ("", ["甲乙"], "term"),
        ("甲", ["甲乙"], "term"),
        ("长" * 30, ["甲乙"], "term"),
        ("甲乙", [], "means"),
        ("甲乙", ["甲乙"], "means"),
        ("甲乙", ["长" * 40], "means"),
    ],
)
def test_a_senseless_synonym_is_refused_with_its_field(term: str, means: list[str], field: str, noon: datetime) -> None:
    with pytest.raises(BadInput) as refused:
        add_synonym(term=term, means=means, by=user("publisher"), at=noon)
    assert [each.field for each in refused.value.problems] == [field]


def test_a_term_has_one_row_in_use(noon: datetime) -> None:
    first = add_synonym(term="打渔船", means=["渔业船舶"], by=user("publisher"), at=noon)
    with pytest.raises(Conflict):
        add_synonym(term="打渔船", means=["船舶"], by=user("publisher"), at=noon)
    end_synonym(first, by=user("publisher"), at=noon)
    add_synonym(term="打渔船", means=["船舶"], by=user("publisher"), at=noon)
    with pytest.raises(Conflict):
        end_synonym(first, by=user("publisher"), at=noon)
