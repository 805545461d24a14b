"""Ctrl+K: items, units and notices, as far as one may see them. And what the window is shown."""

import pytest
from django.urls import reverse
from tests import factories as make
from tests.factories import NOON

from banshi.catalog.models import Notice

pytestmark = pytest.mark.django_db


def page(client, text):
    return client.get(reverse("workbench:search"), {"q": text}).content.decode()


def test_it_finds_items_units_and_notices(client):
    organ = make.organ("示例市教育局")
    make.publication(of=make.item(organ, make.guide("教育资助申请")))
    Notice.objects.create(title="教育资助公告", body="正文", organ=organ, published_at=NOON)
    client.force_login(make.user("clerk", organ))
    told = page(client, "教育")
    assert all(words in told for words in ("教育资助申请", "示例市教育局的事项", "教育资助公告"))


def test_nothing_of_others_and_says_so(client):
    make.publication(of=make.item(make.organ(), make.guide("别家的事项")))
    client.force_login(make.user("clerk", make.organ()))
    assert "没有名称含“别家的事项”的" in page(client, "别家的事项")


def test_at_the_window_one_is_shown_what_one_may_do(client):
    client.force_login(make.user("window", make.organ()))
    told = client.get(reverse("workbench:today")).content.decode()
    assert "为群众查、打印指南" in told
    assert all(words not in told for words in ("规则检查", "动态调整", "清理规范工作"))
