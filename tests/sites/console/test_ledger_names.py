"""The ledger in words: what was done, to what, found by its name."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from tests import factories as make

import banshi
from banshi.sites.kit.ledger_words import WORDS

pytestmark = pytest.mark.django_db
RECORDED = re.compile(r'(?:record|record_many|Act)\(\s*"([a-z_]+\.[a-z_]+)"')


def test_every_act_that_is_recorded_has_a_label():
    sources = Path(banshi.__file__).parent.rglob("*.py")
    acts = {act for each in sources for act in RECORDED.findall(each.read_text(encoding="utf-8"))}
    assert acts - set(WORDS) == set()


def page(client, **asked):
    return client.get(reverse("console:ledger"), asked).content.decode()


@pytest.fixture
def reader(client):
    client.force_login(make.user("admin"))
    return client


def test_it_is_searched_by_the_name_of_the_thing_and_of_who_did_it(reader):
    item = make.published_item("义务教育入学报名")
    told = page(reader, subject="义务教育入学")
    assert "事项：义务教育入学报名" in told
    assert f"catalog.Item:{item.pk}" not in told


def test_a_name_nobody_has_is_said(reader):
    assert "没有叫“没有这个名字”的事项、单位、人员或工作" in page(reader, subject="没有这个名字")
