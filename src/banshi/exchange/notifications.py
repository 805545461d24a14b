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
RESOURCE_TOLD = kinds.register(
    NotificationKind(
        "exchange.resource_told",
        "数据资源目录的进展",
        "资源目录：{resource}",
        "“{resource}”：{said}。",
        page="data_resource",
        digest="几个数据资源的目录",
        overview="data_resources",
    )
)
ANOMALY_TOLD = kinds.register(
    NotificationKind(
        "exchange.anomaly_told",
        "调用记录里的异常",
        "调用异常：{label}",
        "{organ}有一名经办人的调用要核实：{label}。",
        page="data_anomaly",
        digest="几个调用异常",
        overview="data_anomalies",
    )
)
DEMAND_TOLD = kinds.register(
    NotificationKind(
        "exchange.demand_told",
        "数据需求的进展",
        "数据需求：{wanted}",
        "{organ}需要“{wanted}”：{said}。",
        page="data_demand",
        digest="几个数据需求",
        overview="data_demands",
    )
)
CORRECTION_TOLD = kinds.register(
    NotificationKind(
        "exchange.correction_told",
        "共享数据的校核",
        "数据校核：{resource}",
        "“{resource}”：{said}。",
        page="data_correction",
        digest="几件数据校核",
        overview="data_corrections",
    )
)
CORRECTION_ANSWERED = kinds.register(
    NotificationKind(
        "exchange.correction_answered",
        "我说不对的信息核实了",
        "核实结果：{resource}",
        "您说“{resource}”里的信息不对，{organ}答复：{said}。",
        page="my-looks",
        digest="几条信息核实了",
        overview="my-looks",
    )
)
