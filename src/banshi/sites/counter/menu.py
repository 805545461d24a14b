"""Entries of the counter in the staff menu."""

from banshi.sites.kit.menu import MenuEntry, register
from banshi.sites.kit.permissions import Permission

GROUP = "窗口"

register(
    MenuEntry(GROUP, "叫号", icon="megaphone", url_name="counter:queue", permission=Permission.WINDOW_SERVE, order=10),
)
