"""Notices of supervision: new findings of an organ, an order to answer, what became of it."""

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

FOUND = kinds.register(
    NotificationKind(
        "supervision.found",
        "监察发现本单位办件的问题",
        "监察发现{count}个问题",
        "监察按规则发现本单位{count}个问题，其中红灯{red}个。",
        page="irregularities",
        digest="监察发现的问题",
        overview="irregularities",
    )
)
STEP = kinds.register(
    NotificationKind(
        "supervision.step",
        "监察的提醒、督办和结果",
        "{what}：{label}",
        "{label}（{about}）：{what}。{more}",
        page="irregularity",
        digest="几件监察事项",
        overview="irregularities",
    )
)
BROKEN = kinds.register(
    NotificationKind(
        "supervision.rule_broken",
        "监察规则出错",
        "监察规则“{label}”出错，没有看完",
        "规则“{label}”出错：{error}。别的规则照常；改好后会补看漏下的。",
        page="monitoring_rules",
        digest="几条监察规则出错",
        overview="monitoring_rules",
    )
)
INSPECT = kinds.register(
    NotificationKind(
        "supervision.inspect",
        "抽中我做检查",
        "请做检查：{title}",
        "双随机“{title}”抽中您做检查，请看要查的是哪些。",
        page="draw",
        digest="几次检查",
        overview="draws",
    )
)
NUMBER_ASKED = kinds.register(
    NotificationKind(
        "supervision.number_asked",
        "请我给双随机抽查的数",
        "请给一个数：{title}",
        "双随机“{title}”请您代表{party}给一个数，分两步：名单截止以后先封好，各方都封好以后再打开。用您自己的账号给；别人不能替您给。",
        page="draw-party",
        digest="请给几次双随机抽查的数",
        overview="messages",
    )
)
NUMBER_OPEN = kinds.register(
    NotificationKind(
        "supervision.number_open",
        "请我打开给双随机抽查封好的数",
        "请打开您封好的数：{title}",
        "双随机“{title}”可以打开了，请把您代表{party}封好的数再写一遍。到时没有打开的，这个数不算，公布的文件里写明。",
        page="draw-party",
        digest="请打开几次双随机抽查的数",
        overview="messages",
    )
)
FAULTY = kinds.register(
    NotificationKind(
        "supervision.faulty",
        "双随机检查发现本单位的问题",
        "检查发现问题，{last}前改正",
        "双随机“{title}”检查{number}发现问题，请在{last}前改正，并登记改正的情况。",
        page="draw",
        digest="几次检查发现的问题",
        overview="draws",
    )
)
