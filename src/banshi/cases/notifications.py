"""Notices of cases: what happened to one's own, and what has come to an office."""

from banshi.cases.enums import ActKind
from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

PROGRESS = kinds.register(
    NotificationKind(
        "cases.progress",
        "我的办件有进展",
        "办件有进展：{item}",
        "您办的“{item}”（{number}）：{said}。",
        page="case",
        digest="几件办件有进展",
        overview="messages",
        by_sms=True,
    )
)
LAST_DAY = kinds.register(
    NotificationKind(
        "cases.last_day",
        "补正、补交的最后一天",
        "{matter}：{item}",
        "您办的“{item}”（{number}）：{said}。",
        page="case",
        digest="几件办件等您补材料",
        overview="messages",
        by_sms=True,
    )
)
SAID = {
    ActKind.RECEIVE: "已经收到",
    ActKind.ACCEPT: "已经受理",
    ActKind.ACCEPT_SILENTLY: "逾期没有告知补正，自收到之日起视为受理",
    ActKind.ASK_SUPPLEMENT: "需要补正材料，请打开查看要补什么",
    ActKind.SUPPLY: "补正的材料已经收到",
    ActKind.REFUSE_TO_ACCEPT: "不予受理，请打开查看理由和救济途径",
    ActKind.NOT_OURS: "不属于本机关办理，请打开查看应向哪里申请",
    ActKind.OPEN_STOP: "进入特别程序，期间不计入办理时限",
    ActKind.CLOSE_STOP: "特别程序已经结束，继续计时",
    ActKind.EXTEND: "办理期限经批准延长，请打开查看理由",
    ActKind.SUSPEND: "中止办理，请打开查看理由",
    ActKind.RESUME: "恢复办理",
    ActKind.TERMINATE: "终止办理，请打开查看理由和救济途径",
    ActKind.WITHDRAW: "已经撤回，办件结束",
    ActKind.DEEM_WITHDRAWN: "到期没有补正，视为撤回申请，请打开查看依据和救济途径",
    ActKind.GRANT: "已经准予",
    ActKind.GRANT_SILENTLY: "有效期届满前没有作出决定，视为准予延续",
    ActKind.DENY: "不予批准，请打开查看理由和救济途径",
    ActKind.DELIVER: "结果已经送达，办结",
    ActKind.OFFER_DEFERRAL: "可以容缺受理，请打开查看要承诺什么",
    ActKind.KEEP_PROMISE: "后补的材料已经收到",
    ActKind.CHECK_PROMISE: "您的承诺已经核查，请打开查看结果",
    ActKind.REPAIR_CREDIT: "失信记录已经修复，以后可以容缺、可以用承诺代替材料",
    ActKind.ANSWER_DISPUTE: "您说登记有误的，已经有结果，请打开查看",
    ActKind.REVOKE: "决定被撤销，请打开查看理由和救济途径",
}
"""Told to the applicant, without anything a stranger could use."""
