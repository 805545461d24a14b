"""Notices to who submitted a bundle: a part began by itself, needs a look, or will not begin."""

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

PART_OPENED = kinds.register(
    NotificationKind(
        "bundles.part_opened",
        "一件事里等着的一项开始办理",
        "“{item}”开始办理",
        "您办的“{bundle}”（{number}）里，“{item}”要等的结果已经有了，系统替您提交了，您不用再跑。",
        page="bundle",
        digest="一件事里有几项开始办理",
        overview="messages",
        by_sms=True,
    )
)
PART_NEEDS_OWNER = kinds.register(
    NotificationKind(
        "bundles.part_needs_owner",
        "一件事里等着的一项要您看一看",
        "“{item}”要您补充后提交",
        "您办的“{bundle}”（{number}）里，轮到办“{item}”了，但它的要求改过，请打开补充后提交。填好的都还在。",
        page="bundle",
        digest="一件事里有几项要您看一看",
        overview="messages",
        by_sms=True,
    )
)
PART_DROPPED = kinds.register(
    NotificationKind(
        "bundles.part_dropped",
        "一件事里有一项没有发起",
        "“{item}”没有发起",
        "您办的“{bundle}”（{number}）里，“{item}”没有发起：{reason}。其他各项照常办理。",
        page="bundle",
        digest="一件事里有几项没有发起",
        overview="messages",
        by_sms=True,
    )
)
