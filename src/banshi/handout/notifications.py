"""Notices of hand-out to the person the result is for."""

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

COLLECT = kinds.register(
    NotificationKind(
        "handout.collect",
        "我的结果可以领了、寄出了",
        "结果：{item}",
        "您办的“{item}”（{number}）：{said}。",
        page="case",
        digest="几件办件的结果",
        overview="messages",
        by_sms=True,
    )
)
