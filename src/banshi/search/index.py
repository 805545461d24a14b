"""The index of what is in force: a folder of tantivy files on each node, written by one process at a time, read by all of the node.

`SEARCH_INDEX/current` names the folder in use, so that a new one replaces it in one step. The folder holds its own cursor into
the change feed: `catch_up()` applies changes after it, commits the index, then moves it. A kill between the two applies the
same changes again, which changes nothing: an item is deleted by its number before it is added.
"""

import fcntl
import logging
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import tantivy
from django.conf import settings

from banshi.catalog.models import Change, Listing
from banshi.core.ids import new_guid
from banshi.core.progress import Progress, no_progress
from banshi.search.documents import FORMAT, IndexedItem, document, entries, schema
from banshi.search.vocabulary import vocabulary

log = logging.getLogger(__name__)
CHANGES_AT_ONCE = 2000


class IndexUnusable(Exception):
    """There is no index, or it can't be read."""


# Reading


@dataclass(slots=True)
class _Open:
    folder: Path
    index: tantivy.Index
    seen: bytes


_opened: _Open | None = None
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class IndexSnapshot:
    """The index as last committed. `folder` and `commit` tell one state from another."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    folder: Path
    commit: bytes


def reading() -> IndexSnapshot:
    """Open a snapshot for reading.

    Raises IndexUnusable.
    """
    global _opened
    try:
        folder = current_folder()
        # Its time and inode may be those of the commit before, within one tick of the clock.
        changed = (folder / "meta.json").read_bytes()
        if not _opened or _opened.folder != folder or _opened.seen != changed:
            with _opening:
                if not _opened or _opened.folder != folder:
                    _opened = _Open(folder, _open(folder), changed)
                elif _opened.seen != changed:
                    _opened.index.reload()
                    _opened.seen = changed
        return IndexSnapshot(_opened.index.searcher(), _opened.index.schema, folder, _opened.seen)
    except (OSError, ValueError, RuntimeError) as error:
        raise IndexUnusable(str(error)) from error


def current_folder() -> Path:
    """Return the folder in use.

    Raises IndexUnusable when there is none of our format.
    """
    place = settings.SEARCH_INDEX / "current"
    try:
        seen = place.stat()
        name, version = _named(place, seen.st_ino, seen.st_mtime_ns)
    except OSError as error:
        raise IndexUnusable("还没有建立搜索索引") from error
    if version != str(FORMAT):
        raise IndexUnusable(f"搜索索引的格式是 {version}，需要 {FORMAT}")
    return Path(settings.SEARCH_INDEX) / name


@lru_cache(maxsize=1)
def _named(place: Path, inode: int, moment: int) -> tuple[str, str]:
    """Cache the folder's name, read once for each file put in its place."""
    name, _, version = place.read_text().partition(" ")
    return name, version


def _open(folder: Path) -> tantivy.Index:
    if not tantivy.Index.exists(str(folder)):
        raise IndexUnusable(f"{folder.name} 里没有索引")
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    index.reload()
    return index


def report_unusable(error: Exception) -> None:
    """Leave word for this node's follower, which rebuilds the index.

    Readers write nothing else.
    """
    log.error("search index unusable: %s", error)
    folder = Path(settings.SEARCH_INDEX)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "broken").touch()


def is_unusable() -> bool:
    if (Path(settings.SEARCH_INDEX) / "broken").exists():
        return True
    try:
        reading()
    except IndexUnusable:
        return True
    return False


# Writing


@contextmanager
def held(name: str, *, wait: float) -> Iterator[bool]:
    """Hold a lock between processes.

    False when it isn't free within `wait` seconds. Ends with the process that holds it.
    """
    folder = Path(settings.SEARCH_INDEX)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        until = time.monotonic() + wait
        while not (got := _try_lock(file.fileno())) and time.monotonic() < until:
            time.sleep(0.02)
        yield got


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def catch_up(*, at_most: int | None = None, wait: float = 10.0) -> int:
    """Apply what had changed since the cursor.

    The number of changes applied. 0 where another writer is still at work after `wait` seconds: it does it for us, or
    the schedule does.

    What comes in meanwhile is left for the next call: under a stream of publications this would else never rest.
    """
    applied, more = 0, True
    with held("write", wait=wait) as ours:
        while ours and more and (at_most is None or applied < at_most):
            folder, at = current_folder(), position()
            feed = Change.objects.filter(number__gte=at.number).order_by("number")
            taken = list(feed.values_list("number", "guid", "item_id")[: CHANGES_AT_ONCE + 1])
            if at.number:
                if not taken or Position(taken[0][0], str(taken[0][1])) != at:
                    raise IndexUnusable("搜索索引是另一个数据库的")
                taken = taken[1:]
            taken = taken[:CHANGES_AT_ONCE]
            if taken:
                _apply({item for _, _, item in taken})
                move_to(folder, Position(taken[-1][0], str(taken[-1][1])))
            changes = len(taken)
            applied += changes
            more = changes == CHANGES_AT_ONCE
    return applied


class Position(NamedTuple):
    """A change by number and GUID. The GUID tells the feed of another database, such as a restored one."""

    number: int = 0
    guid: str = ""


def position() -> Position:
    try:
        number, _, guid = (current_folder() / "cursor").read_text().partition(" ")
        return Position(int(number), guid)
    except (OSError, ValueError) as error:
        raise IndexUnusable("搜索索引没有记下读到哪里") from error


def move_to(folder: Path, position: Position) -> None:
    (folder / "cursor.new").write_text(f"{position.number} {position.guid}")
    (folder / "cursor.new").replace(folder / "cursor")


def newest_change() -> Position:
    newest = Change.objects.order_by("-number").values_list("number", "guid").first()
    return Position(newest[0], str(newest[1])) if newest else Position()


def _apply(items: set[int]) -> None:
    """Bring these items up to date, however often."""
    folder = current_folder()
    vocabulary()
    writer = _open(folder).writer(heap_size=20_000_000, num_threads=1)
    for item in items:
        writer.delete_documents_by_term("id", item)
    for each in entries(Listing.objects.filter(pk__in=items)):
        writer.add_document(document(each))
    writer.commit()
    writer.wait_merging_threads()


def rebuild(progress: Progress = no_progress) -> int | None:
    """Write a new index of all that is in force, put it in the old one's place, and catch up on what happened since.

    The number of items. None when another process is at it.
    """
    with held("rebuild", wait=0) as ours:
        if not ours:
            return None
        begun_at, name = newest_change(), new_guid().hex
        folder = Path(settings.SEARCH_INDEX) / name
        try:
            count = write_index(folder, entries(Listing.objects.all()), progress)
            move_to(folder, begun_at)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with held("write", wait=60):
            put_in_place(name)
        catch_up()
    return count


def write_index(folder: Path, all_entries: Iterable[IndexedItem], progress: Progress = no_progress) -> int:
    """Write a whole new index.

    Streams: what is held in memory does not grow with the number of entries.
    """
    folder.mkdir(parents=True)
    vocabulary()
    writer = tantivy.Index(schema(), str(folder)).writer(heap_size=120_000_000, num_threads=1)
    count = 0
    for count, each in enumerate(all_entries, 1):
        writer.add_document(document(each))
        if count % 1000 == 0:
            progress(count)
    writer.commit()
    writer.wait_merging_threads()
    progress(count)
    return count


def put_in_place(name: str) -> None:
    """Switch readers to this folder.

    The others are removed.
    """
    folder = Path(settings.SEARCH_INDEX)
    (folder / "current.new").write_text(f"{name} {FORMAT}")
    (folder / "current.new").replace(folder / "current")
    (folder / "broken").unlink(missing_ok=True)
    for old in folder.iterdir():
        if old.is_dir() and old.name != name:
            shutil.rmtree(old, ignore_errors=True)
