"""Entries of supervision in the staff menu."""

from banshi.core.clock import now
from banshi.sites.kit.menu import MenuEntry, register
from banshi.sites.kit.permissions import Permission
from banshi.supervision.queries import waiting_for

P = Permission
GROUP = "监察"

register(
    MenuEntry(GROUP, "红黄灯", icon="stoplights", url_name="oversight:board", permission=P.SUPERVISION_VIEW, order=10),
    MenuEntry(
        GROUP,
        "发现的问题",
        icon="exclamation-diamond",
        url_name="oversight:findings",
        permission=P.SUPERVISION_VIEW,
        order=20,
        waiting=lambda user: waiting_for(user, at=now()),
    ),
    MenuEntry(
        GROUP, "运行情况", icon="bar-chart", url_name="oversight:figures", permission=P.SUPERVISION_VIEW, order=22
    ),
    MenuEntry(
        GROUP, "效能评估", icon="award", url_name="oversight:indicators", permission=P.SUPERVISION_VIEW, order=24
    ),
    MenuEntry(
        GROUP, "通报", icon="file-earmark-text", url_name="oversight:bulletins", permission=P.SUPERVISION_VIEW, order=26
    ),
    MenuEntry(
        GROUP, "监察规则", icon="list-check", url_name="oversight:rules", permission=P.SUPERVISION_VIEW, order=30
    ),
    MenuEntry(
        GROUP, "好差评", icon="emoji-smile", url_name="oversight:ratings", permission=P.SUPERVISION_VIEW, order=32
    ),
    MenuEntry(
        GROUP, "投诉和咨询", icon="chat-dots", url_name="oversight:complaints", permission=P.SUPERVISION_VIEW, order=34
    ),
    MenuEntry(GROUP, "愿望", icon="stars", url_name="oversight:wishes", permission=P.SUPERVISION_VIEW, order=36),
    MenuEntry(
        GROUP,
        "双随机",
        icon="shuffle",
        url_name="oversight:draws",
        permission=(P.SUPERVISION_VIEW, P.CASE_HANDLE),
        order=40,
    ),
)
