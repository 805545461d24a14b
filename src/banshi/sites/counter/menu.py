"""Entries of the counter in the staff menu."""

from banshi.sites.kit.menu import MenuEntry, register
from banshi.sites.kit.permissions import Permission
from banshi.window.questions import to_answer

GROUP = "窗口"

register(
    MenuEntry(GROUP, "叫号", icon="megaphone", url_name="counter:queue", permission=Permission.WINDOW_SERVE, order=10),
    MenuEntry(
        GROUP,
        "首问",
        icon="chat-left-text",
        url_name="counter:questions",
        permission=(Permission.WINDOW_SERVE, Permission.QUESTION_ANSWER, Permission.CASE_VIEW),
        order=30,
        waiting=to_answer,
    ),
    MenuEntry(
        GROUP,
        "收件",
        icon="person-vcard",
        url_name="counter:reception",
        permission=Permission.CASE_RECEIVE,
        order=12,
    ),
    MenuEntry(
        GROUP,
        "代办收件",
        icon="person-hearts",
        url_name="counter:mandates",
        permission=Permission.CASE_AGENT,
        order=13,
    ),
    MenuEntry(
        GROUP, "上门服务", icon="house-door", url_name="counter:visits", permission=Permission.CASE_RECEIVE, order=14
    ),
    MenuEntry(
        GROUP,
        "出件",
        icon="box-seam",
        url_name="counter:handout",
        permission=Permission.CASE_DELIVER,
        order=16,
    ),
)
