"""Notices of sharing: to whom a request comes, who asked, and the authority when nobody answers."""

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

REQUEST_TOLD = kinds.register(
    NotificationKind(
        "exchange.request_told",
        "数据共享申请的进展",
        "数据共享：{resource}",
        "{organ}申请使用“{resource}”：{said}。",
        page="data_request",
        digest="几件数据共享的申请",
        overview="data_requests",
    )
)
