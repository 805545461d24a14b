"""Notices to whoever was served at a counter."""

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

ACCOUNT_OPENED = kinds.register(
    NotificationKind(
        "reception.account_opened",
        "窗口为我开通了网上账号",
        "您的网上账号“{username}”已经开通",
        "{organ}在{at}核对您的身份证，为您开通了网上账号“{username}”，首次登录要改密码。不是您本人要开的，请马上告诉任何一个窗口。",
        page="account",
        digest="几个账号开通了",
        overview="messages",
        by_sms=True,
    )
)
