"""The follower of a node brings to it what was published on any other."""

import threading
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from banshi.catalog.models import Change
from banshi.catalog.signals import catalogue_changed
from banshi.search import follower, index
from banshi.search.follower import follow_on, keep_index
from banshi.search.index import catch_up, newest_change, rebuild
from banshi.sites.portal.items import version_cache as faces
from tests.factories import publication
from tests.processes import DEADLINE
from tests.search.test_finding import names, text_of


@pytest.fixture
def second_node(settings: Settings, tmp_path: Path) -> Any:
    """Calling it is walking over to a machine with a data folder of its own."""

    def walk_over() -> None:
        settings.HOME = tmp_path / "second"
        settings.SEARCH_INDEX = settings.HOME / "index"
        settings.HOME.mkdir(exist_ok=True)

    return walk_over


@pytest.mark.django_db
def test_each_node_keeps_an_index_and_a_cursor_of_its_own(second_node: Any) -> None:
    publication(text=text_of("居住证申领"))
    rebuild()
    second_node()
    seen = follow_on(None)
    assert names("居住证") == ["居住证申领"]
    publication(text=text_of("居住证换领"))
    assert names("居住证") == ["居住证申领"]
    assert follow_on(seen) == newest_change()
    assert sorted(names("居住证")) == ["居住证换领", "居住证申领"]


@pytest.mark.django_db
def test_pages_of_a_node_are_told_what_another_published(second_node: Any) -> None:
    second_node()
    seen = follow_on(None)
    before = faces.stamp()
    assert follow_on(seen) == seen
    assert faces.stamp() == before, "nothing new"
    publication(text=text_of("居住证申领"))
    follow_on(seen)
    assert faces.stamp() != before


@pytest.mark.django_db
def test_in_a_server_process_publishing_does_not_wait_for_the_index(settings: Settings) -> None:
    rebuild()
    settings.SERVING = True
    publication(text=text_of("居住证申领"))
    catalogue_changed.send(sender=None)
    assert names("居住证") == []
    keep_index()
    assert names("居住证") == ["居住证申领"]


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["gone", "of another feed"])
def test_an_index_of_another_database_is_made_anew(what: str) -> None:
    """After a restore the numbers of the feed go on from the backup's."""
    first = publication(text=text_of("居住证申领"))
    rebuild()
    Change.objects.filter(item=first.item).delete()
    if what == "of another feed":
        Change.objects.create(number=index.position().number, batch="b", operation="I", at=first.since, item=first.item)
    with pytest.raises(index.IndexUnusable, match="另一个数据库"):
        catch_up()
    assert keep_index() == 1
    assert catch_up() == 0


def test_an_error_does_not_end_the_following(monkeypatch: pytest.MonkeyPatch) -> None:
    again = threading.Event()
    looks: list[object] = []

    def fail(seen: object) -> None:
        looks.append(seen)
        if len(looks) > 1:
            again.set()
            threading.Event().wait()
        raise OSError("disk full")

    monkeypatch.setattr(follower, "follow_on", fail)
    monkeypatch.setattr(follower, "REST", 0)
    follower.start_following()
    assert again.wait(DEADLINE)
