"""The staff menu: each site has a `menu.py` that registers its entries, and the kit shows those a person may use."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from banshi.core.clock import now, today
from banshi.core.prepared import counts_as_one, prepared_cursor
from banshi.people.models import User
from banshi.people.posts import current_posts
from banshi.sites.kit.address import url_of
from banshi.sites.kit.permissions import Permission, permissions_of

COUNTED = 999
"""No figure says more."""

GROUPS = ("我的工作", "事项", "审核", "名录", "数据共享", "窗口", "监察", "运行与设置")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu. Of several permissions any will do. `urgent` colours the figure beside it.

    `waiting(user)` finds what the figure counts, by the account, its posts and the day alone: its statement is kept for them.
    `count(user)` counts what takes reading before it can be asked for.
    """

    group: str
    label: str
    icon: str
    url_name: str
    permission: Permission | tuple[Permission, ...] | None = None
    order: int = 50
    waiting: Callable[[Any], QuerySet[Any]] | None = None
    count: Callable[[Any], int] | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class MenuLine:
    """An entry as one person sees it now."""

    entry: MenuEntry
    url: str
    current: bool
    count: int | None


_entries: dict[str, MenuEntry] = {}


def register(*entries: MenuEntry) -> None:
    for entry in entries:
        _entries[entry.url_name] = entry


def registered() -> list[MenuEntry]:
    places = {group: place for place, group in enumerate(GROUPS)}
    return sorted(_entries.values(), key=lambda each: (places.get(each.group, len(GROUPS)), each.order, each.label))


def menu_for(request: HttpRequest, *, counted: bool = True) -> list[tuple[str, list[MenuLine]]]:
    """Group this person's lines and mark the open page.

    Figures are left out of pages that are refusals.
    """
    held = permissions_of(request.user)
    shown = {each: url for each in registered() if _open_to(each, held) if (url := url_of(each.url_name))}
    figures = _figures(request.user, [each for each in shown if each.waiting]) if counted else {}
    lines = [
        MenuLine(each, url, False, each.count(request.user) if each.count and counted else figures.get(each))
        for each, url in shown.items()
    ]
    # The line whose address is the longest beginning of the open one.
    best = max((line.url for line in lines if request.path.startswith(line.url)), key=len, default=None)
    marked = [MenuLine(line.entry, line.url, line.url == best, line.count) for line in lines]
    return [(group, list(some)) for group, some in groupby(marked, key=lambda line: line.entry.group)]


@dataclass(frozen=True)
class _Viewer:
    """All that the statement of somebody's figures depends on, and the account to build it for."""

    vendor: str
    key: int
    day: date
    posts: tuple[tuple[Any, ...], ...]
    roles: str
    entries: tuple[MenuEntry, ...]
    user: User = field(compare=False)


def _figures(user: Any, entries: list[MenuEntry]) -> Mapping[MenuEntry, int]:
    """Count by one statement what waits for the user at each entry."""
    posts = tuple(
        (each.pk, each.role, each.organ_id, each.organ.division.prefix) for each in current_posts(user, now())
    )
    viewer = _Viewer(connection.vendor, user.pk, today(), posts, str(settings.ACCESS_ROLES), tuple(entries), user)
    try:
        statement = _statement(viewer)
    except EmptyResultSet:
        return dict.fromkeys(entries, 0)
    with prepared_cursor(connection) as cursor:
        cursor.execute(*statement)
        return dict(zip(entries, cursor.fetchone(), strict=True))


@lru_cache(maxsize=500)
def _statement(viewer: _Viewer) -> tuple[str, tuple[Any, ...]]:
    """Build the statement of somebody's figures, which takes longer than to count."""
    return counts_as_one((each.waiting(viewer.user) for each in viewer.entries if each.waiting), up_to=COUNTED)


def _open_to(entry: MenuEntry, held: Collection[Permission]) -> bool:
    """Tell whether any of the permissions an entry asks for is held."""
    wanted = (entry.permission,) if isinstance(entry.permission, Permission) else entry.permission
    return wanted is None or any(each in held for each in wanted)
