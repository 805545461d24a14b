"""A small catalogue that has one of everything the API can be asked for."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests import factories as make

from banshi.catalog.actions import publish, start_draft, withdraw
from banshi.catalog.models import LifeEvent, Publication


@pytest.fixture
def catalogue(db: None) -> SimpleNamespace:
    """An item in its second version, one of few words, one taken down, one taken down as an error, one only a draft."""
    renewed = make.publication(text=make.guide("小学入学报名"))
    second = start_draft(renewed.item, by=make.TESTS, at=make.NOON, guide=make.guide("小学新生入学报名"))
    newest = publish(second, reason="新学年", by=make.TESTS, at=make.NOON + timedelta(days=2))
    gone = make.publication(text=make.guide("办理暂住证"))
    withdraw(
        gone, ending=Publication.Ending.WITHDRAWN, note="不再办理", by=make.TESTS, at=make.NOON + timedelta(days=3)
    )
    wrong = make.publication(text=make.guide("写错的事项"))
    withdraw(wrong, ending=Publication.Ending.IN_ERROR, note="", by=make.TESTS, at=make.NOON + timedelta(days=3))
    event = LifeEvent.objects.create(code="school", name="孩子上学", audience="person")
    event.items.add(newest.item)
    make.reference()
    return SimpleNamespace(
        item=newest.item,
        first=renewed,
        newest=newest,
        other=make.published_item("新生儿参保登记", base_code="000536001000"),
        gone=gone.item,
        wrong=wrong.item,
        draft=make.item(text=make.guide("还没公布的事项")),
    )
