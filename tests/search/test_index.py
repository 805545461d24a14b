import os
import shutil
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings
from typer.testing import CliRunner

from banshi.catalog.models import Listing
from banshi.command import app
from banshi.search import index
from banshi.search.documents import entries
from banshi.search.follower import keep_index
from banshi.search.index import (
    IndexUnusable,
    catch_up,
    held,
    is_unusable,
    newest_change,
    position,
    reading,
    rebuild,
)
from banshi.search.queries import NOTICE, find, suggest
from tests.factories import item, publication
from tests.search.test_finding import names, publish_all, text_of

pytestmark = pytest.mark.django_db


def test_publishing_is_found_at_once(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    rebuild()
    with django_capture_on_commit_callbacks(execute=True):
        publication(text=text_of("居住证申领"))
    assert names("居住证") == ["居住证申领"]
    assert position() == newest_change()


def test_the_first_publication_makes_the_index(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        publication(text=text_of("居住证申领"))
    found = find("居住证")
    assert (found.total, found.notice) == (1, "")


def test_a_change_replaces_what_was_said_before(noon: datetime) -> None:
    rebuild()
    published = publication(text=text_of("居住证申领"))
    catch_up()
    publication(of=published.item, text=text_of("暂住凭证申领"))
    catch_up()
    assert names("") == ["暂住凭证申领"]


def test_changes_applied_twice_change_nothing() -> None:
    rebuild()
    publication(text=text_of("居住证申领"))
    before = position()
    catch_up()
    index.move_to(index.current_folder(), before)
    assert catch_up() > 0
    assert find("居住证").total == 1


def test_nothing_new_is_nothing_to_do() -> None:
    publish_all("居住证申领")
    assert catch_up() == 0


def test_what_is_published_while_it_writes_is_left_for_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    rebuild()
    publication(text=text_of("居住证申领"))
    applied = index._apply
    monkeypatch.setattr(index, "_apply", lambda items: (applied(items), publication(text=text_of("居住证换领"))))
    assert catch_up() == 1
    monkeypatch.undo()
    assert names("居住证") == ["居住证申领"]
    assert catch_up() == 1
    assert sorted(names("居住证")) == ["居住证换领", "居住证申领"]


def test_a_long_backlog_is_taken_in_by_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    rebuild()
    for name in ("居住证申领", "居住证换领", "居住证补领"):
        publication(text=text_of(name))
    monkeypatch.setattr(index, "CHANGES_AT_ONCE", 2)
    assert catch_up() == 3
    assert find("居住证").total == 3


def test_only_one_writes_at_a_time() -> None:
    rebuild()
    publication(text=text_of("居住证申领"))
    with held("write", wait=0) as ours:
        assert ours
        assert catch_up(wait=0) == 0
    assert catch_up(wait=0) > 0


def test_a_draft_is_not_in_the_index() -> None:
    item(text=text_of("居住证申领"))
    rebuild()
    assert find("居住证").total == 0


# Killed


def killed(work: Callable[[], object]) -> None:
    """Do it in a child process, which must die of signal 9."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            connection.close()  # another than the parent's where a browser's event loop runs there: loops end with a fork
            work()
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.django_db(transaction=True)
def test_killed_between_index_and_cursor_nothing_is_lost_or_doubled(
    on_disk_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild()
    publication(text=text_of("居住证申领"))
    monkeypatch.setattr(index, "move_to", die)
    killed(lambda: publication(text=text_of("居住证换领")))
    monkeypatch.undo()
    assert find("居住证").total == 2
    assert catch_up() > 0
    assert sorted(names("居住证")) == ["居住证换领", "居住证申领"]


@pytest.mark.django_db(transaction=True)
def test_killed_while_rebuilding_the_old_index_stays_and_no_rest(on_disk_database: None, settings: Settings) -> None:
    publish_all("居住证申领")
    old = index.current_folder()
    killed(lambda: rebuild(progress=die))
    assert index.current_folder() == old
    assert find("居住证").total == 1
    rebuild()
    assert [path for path in Path(settings.SEARCH_INDEX).iterdir() if path.is_dir()] == [index.current_folder()]


# Broken


def test_without_an_index_names_are_searched_with_a_notice() -> None:
    publication(text=text_of("居住证申领"))
    publication(text=text_of("工伤认定申请"))
    found = find("居住证")
    assert [hit.name_marked for hit in found.hits] == ["<mark>居住证</mark>申领"]
    assert (found.total, found.notice) == (1, NOTICE)
    assert found.facets["online"][0].count == 1


def test_without_an_index_facets_and_pages_still_work() -> None:
    for number in range(3):
        publication(text=text_of(f"居住证申领{number}", online=number == 0))
    assert find("居住证", filters={"online": ["1"]}).total == 1
    assert find("居住证", filters={"organ": ["x"], "level": ["4"]}).total == 0
    assert len(find("居住证", page=2, per_page=2).hits) == 1


@pytest.mark.parametrize("what", ["meta.json", "*.store", "*.idx", "*.term"])
def test_a_damaged_index_is_passed_over_and_mended_by_the_worker(what: str) -> None:
    publish_all("居住证申领", "工伤认定申请")
    for file in index.current_folder().glob(what):
        file.write_bytes(b"\x00damaged")
        os.utime(file, (0, 0))  # whatever the clock's tick: changed since it was opened
    index._opened = None
    found = find("居住证")
    assert found.total == 1
    assert suggest("居住")
    if found.notice:
        assert is_unusable()
        keep_index()
    assert (find("居住证").total, find("居住证").notice) == (1, "")


def test_an_index_that_vanished_is_made_anew_by_the_worker(settings: Settings) -> None:
    publish_all("居住证申领")
    shutil.rmtree(settings.SEARCH_INDEX)
    assert find("居住证").notice
    keep_index()
    assert find("居住证").notice == ""


def test_an_index_of_another_format_is_not_read(settings: Settings) -> None:
    publish_all("居住证申领")
    current = Path(settings.SEARCH_INDEX) / "current"
    current.write_text(current.read_text().split()[0] + " 0")
    with pytest.raises(IndexUnusable):
        reading()


def test_the_command_rebuilds() -> None:
    publication(text=text_of("居住证申领"))
    result = CliRunner().invoke(app, ["reindex"])
    assert result.exit_code == 0, result.output
    assert "共 1 项" in result.output
    assert find("居住证").notice == ""


def test_entries_are_read_in_one_query_however_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        publication(text=text_of("居住证申领"))
    with django_assert_num_queries(1):
        assert len(list(entries(Listing.objects.all()))) == 3
