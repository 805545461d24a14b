"""The copy of one's own data holds also what one complained of, wished and was told (个人信息保护法 第四十五条)."""

import json

import pytest

from banshi.access import Visitor
from banshi.cases.actions import export_own_data
from banshi.feedback.actions import file_complaint, make_wish
from tests import factories as make
from tests.cases.hall import accepted, hall, moment

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def test_the_copy_of_ones_data_holds_complaints_wishes_messages_and_the_account_and_nothing_of_others() -> None:
    of = hall()
    accepted(of, MONDAY)
    file_complaint("complaint", text="窗口让我跑了三次", item=of.item, by=of.citizen, at=MONDAY)
    file_complaint("complaint", text="别人说的事", item=of.item, by=Visitor(), at=MONDAY)
    make_wish(title="早上八点开门", text="上班前办得成", by=of.citizen, at=MONDAY)
    told = json.loads(json.dumps(export_own_data(of.citizen, by=of.citizen, at=MONDAY)))
    assert told["account"]["login"] == of.citizen.username
    assert [each["text"] for each in told["complaints"]] == ["窗口让我跑了三次"]
    assert [(each["title"], each["text"]) for each in told["wishes"]] == [("早上八点开门", ["上班前办得成"])]
    assert told["messages"] and len(told["cases"]) == 1
    stranger = make.user()
    nothing = export_own_data(stranger, by=stranger, at=MONDAY)
    assert not any(nothing[each] for each in nothing.keys() - {"account"})
