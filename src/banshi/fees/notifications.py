"""Notices of fees."""

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

FEES = kinds.register(
    NotificationKind(
        "fees.told",
        "我的办件要缴费、已缴费、已退费",
        "缴费：{item}",
        "您办的“{item}”（{number}）：{said}。",
        page="case",
        digest="几件办件的缴费",
        overview="messages",
        by_sms=True,
    )
)
TOLD = {
    "charge": "请缴费{total}元",
    "pay": "已收到缴费{total}元",
    "refund": "已退还{total}元",
    "return_second_payment": "您在窗口缴过，网上重复缴的{total}元已经退还",
}
