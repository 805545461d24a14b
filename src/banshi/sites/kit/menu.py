"""The staff menu: each site has a `menu.py` that registers its entries, and the kit shows those a person may use."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest

from banshi.sites.kit.address import url_of
from banshi.sites.kit.permissions import Permission, permissions_of

GROUPS = ("我的工作", "事项", "审核", "名录", "数据共享", "窗口", "监察", "运行与设置")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu. `count(user)` gives the figure beside it. Of several permissions any will do. `urgent` colours that figure."""

    group: str
    label: str
    icon: str
    url_name: str
    permission: Permission | tuple[Permission, ...] | None = None
    order: int = 50
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
    lines = [
        MenuLine(each, url, False, each.count(request.user) if each.count and counted else None)
        for each in registered()
        if _open_to(each, held)
        if (url := url_of(each.url_name))
    ]
    # The line whose address is the longest beginning of the open one.
    best = max((line.url for line in lines if request.path.startswith(line.url)), key=len, default=None)
    marked = [MenuLine(line.entry, line.url, line.url == best, line.count) for line in lines]
    return [(group, list(some)) for group, some in groupby(marked, key=lambda line: line.entry.group)]


def _open_to(entry: MenuEntry, held: Collection[Permission]) -> bool:
    """Tell whether any of the permissions an entry asks for is held."""
    wanted = (entry.permission,) if isinstance(entry.permission, Permission) else entry.permission
    return wanted is None or any(each in held for each in wanted)
