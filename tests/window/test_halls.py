"""Halls as data: read from a file, changed, refused in words."""

from pathlib import Path

import pytest
from django.conf import settings

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.window import actions
from banshi.window.hall_file import read_hall_file
from banshi.window.models import Hall
from tests import factories as make
from tests.factories import TESTS
from tests.window.hall import MORNING, town

pytestmark = pytest.mark.django_db


def file(**changed: str) -> str:
    text = (settings.DATA / "halls" / "example.toml").read_text(encoding="utf-8")
    for before, after in changed.values():
        text = text.replace(before, after)
    return text


def loaded(text: str) -> Hall:
    return actions.load_hall(read_hall_file(text), by=TESTS, at=MORNING)


@pytest.fixture
def organs():
    for name in ("示例市政务服务管理局", "示例市教育局"):
        make.organ(name)


def test_each_file_of_the_shipped_halls_reads():
    for path in Path(settings.DATA / "halls").glob("*.toml"):
        assert read_hall_file(path.read_text(encoding="utf-8")).counters


def test_a_hall_is_loaded_and_loaded_again(organs):
    hall = loaded(file())
    assert [each.letter for each in hall.skills.all()] == ["A", "B", "C"]
    assert hall.counters.get(number=1).skills.count() == 2
    assert hall.skills.get(letter="B").organs.get().name == "示例市教育局"
    again = loaded(file(gone=('[[counters]]\nnumber = 5\nskills = ["C"]\n', ""), name=("政务服务中心", "办事大厅")))
    assert again == hall and again.name == "示例市办事大厅"
    assert not hall.counters.get(number=5).active


def test_what_is_wrong_in_a_file_is_said(organs):
    with pytest.raises(BadInput, match="没有“没有的局”这个单位"):
        loaded(file(organ=('organ = "示例市政务服务管理局"', 'organ = "没有的局"')))
    with pytest.raises(BadInput, match="没有的业务类别：Z"):
        loaded(file(skill=('skills = ["C"]', 'skills = ["Z"]')))
    with pytest.raises(BadInput, match="先后"):
        loaded(file(hours=('"09:00", "12:00"', '"12:00", "09:00"')))


def test_only_its_manager_changes_a_hall():
    of = town()
    with pytest.raises(Refused):
        actions.change_hall(of.hall, changes={"name": "新大厅"}, by=of.clerks[0], at=MORNING)
    assert actions.change_hall(of.hall, changes={"name": "新大厅"}, by=of.manager, at=MORNING).name == "新大厅"
    counter = actions.set_counter(of.hall, number=9, skills=[of.social], by=of.manager, at=MORNING)
    assert list(counter.skills.all()) == [of.social]
    of.sits(0)
    with pytest.raises(Conflict, match="还有人坐着"):
        actions.set_counter(of.hall, number=1, skills=[of.social], active=False, by=of.manager, at=MORNING)
