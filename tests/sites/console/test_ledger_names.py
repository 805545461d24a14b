"""The ledger in words: what was done, to what, found by its name."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse
from tests import factories as make

import banshi
from banshi.ledger import System, record
from banshi.sites.console.ledger.queries import CALLED
from banshi.sites.kit.ledger_words import SYSTEMS, WORDS

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


def test_other_things_are_called_by_their_names_in_the_list_and_on_the_page(reader):
    organ = make.organ("教育局")
    item = make.item(organ, make.guide("教师资格认定"))
    revision = item.revisions.get()
    entry = record("catalog.save_draft", revision, by=System("papers"), at=make.NOON)
    told = page(reader)
    assert "指南：教师资格认定" in told
    assert f"catalog.Revision:{revision.pk}" not in told
    assert "系统（打印文书）" in told
    one = reader.get(reverse("console:ledger-entry", args=[entry.number])).content.decode()
    assert "指南：教师资格认定" in one and "系统（打印文书）" in one


@pytest.mark.parametrize("kind", sorted(CALLED))
def test_each_kind_has_the_column_it_is_called_by(kind):
    column, label = CALLED[kind]
    list(apps.get_model(kind)._default_manager.values_list(column)[:1])
    assert label


def test_each_name_the_software_acts_under_is_in_words():
    sources = Path(banshi.__file__).parent.rglob("*.py")
    names = {
        name for each in sources for name in re.findall(r'System\("([a-z-]+)"\)', each.read_text(encoding="utf-8"))
    }
    assert names - set(SYSTEMS) == set()
