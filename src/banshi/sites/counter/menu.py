"""Entries of the counter in the staff menu."""

from banshi.people.models import User
from banshi.sites.kit.menu import MenuEntry, register
from banshi.sites.kit.permissions import Permission
from banshi.window.questions import to_answer

GROUP = "窗口"
COUNTED = 99


def questions_waiting(user: User) -> int:
    return to_answer(user)[:COUNTED].count()


register(
    MenuEntry(GROUP, "叫号", icon="megaphone", url_name="counter:queue", permission=Permission.WINDOW_SERVE, order=10),
    MenuEntry(
        GROUP,
        "首问",
        icon="chat-left-text",
        url_name="counter:questions",
        permission=(Permission.WINDOW_SERVE, Permission.QUESTION_ANSWER, Permission.CASE_VIEW),
        order=30,
        count=questions_waiting,
    ),
)
