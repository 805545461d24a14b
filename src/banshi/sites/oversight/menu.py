"""Entries of supervision in the staff menu."""

from banshi.sites.kit.menu import MenuEntry, register
from banshi.sites.kit.permissions import Permission

P = Permission
GROUP = "监察"

register(
    MenuEntry(GROUP, "红黄灯", icon="stoplights", url_name="oversight:board", permission=P.SUPERVISION_VIEW, order=10),
)
