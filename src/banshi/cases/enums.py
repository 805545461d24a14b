"""Code tables of handling."""

from django.db.models import TextChoices


class CaseChannel(TextChoices):
    """Ways an application comes in."""

    ONLINE = "online", "网上"
    WINDOW = "window", "窗口"
    SYSTEM = "system", "其他系统"


class MaterialTrust(TextChoices):
    """Trust levels of materials, from a verified electronic record to an uploaded picture."""

    A = "A", "电子证照或共享数据，已核验"
    B = "B", "原件已当面核对"
    C = "C", "有电子签名的文件"
    D = "D", "上传的照片或扫描件"


class ClockKind(TextChoices):
    """Clocks a case runs on."""

    ACCEPTANCE = "acceptance", "受理期限"
    PROMISED = "promised", "承诺时限"
    STATUTORY = "statutory", "法定时限"
    DELIVERY = "delivery", "送达期限"


class StopKind(TextChoices):
    SPECIAL = "special", "特别程序"
    SUSPENSION = "suspension", "中止"


class TaskVerdict(TextChoices):
    AGREE = "agree", "同意"
    DISAGREE = "disagree", "不同意"


class TaskEnding(TextChoices):
    DONE = "done", "办结"
    RETURNED = "returned", "退回重办"
    DROPPED = "dropped", "不再需要"


class ActKind(TextChoices):
    """Lawful acts on a case. The article each rests on stands in data/cases/policy.toml."""

    RECEIVE = "receive", "收件"
    ACCEPT = "accept", "受理"
    ACCEPT_SILENTLY = "accept_silently", "视为受理"
    ASK_SUPPLEMENT = "ask_supplement", "要求补正"
    SUPPLY = "supply", "补正"
    REFUSE_TO_ACCEPT = "refuse_to_accept", "不予受理"
    NOT_OURS = "not_ours", "不属于本机关"
    OPEN_STOP = "open_stop", "启动特别程序"
    CLOSE_STOP = "close_stop", "特别程序结束"
    EXTEND = "extend", "延长期限"
    SUSPEND = "suspend", "中止"
    RESUME = "resume", "恢复"
    TERMINATE = "terminate", "终止"
    WITHDRAW = "withdraw", "撤回"
    RETURN_STEP = "return_step", "退回环节"
    GRANT = "grant", "准予"
    GRANT_SILENTLY = "grant_silently", "视为准予延续"
    DENY = "deny", "不予"
    DELIVER = "deliver", "送达"
    OFFER_DEFERRAL = "offer_deferral", "容缺受理"
    PROMISE = "promise", "作出承诺"
    KEEP_PROMISE = "keep_promise", "补交容缺材料"
    CHECK_PROMISE = "check_promise", "核查承诺"
    REPAIR_CREDIT = "repair_credit", "修复信用"
    REVOKE = "revoke", "撤销决定"
    DISPUTE = "dispute", "申请更正登记的信息"
    ANSWER_DISPUTE = "answer_dispute", "答复更正申请"
    TRANSFER = "transfer", "移交承办单位"
    DEEM_WITHDRAWN = "deem_withdrawn", "视为撤回"


ONCE = (
    ActKind.RECEIVE,
    ActKind.EXTEND,
    ActKind.DELIVER,
    ActKind.REVOKE,
)
"""Acts a case meets at most once; so it does acceptance and decision, whichever of their kinds."""
ACCEPTANCES = (ActKind.ACCEPT, ActKind.ACCEPT_SILENTLY)
DECISIONS = (ActKind.GRANT, ActKind.GRANT_SILENTLY, ActKind.DENY)
CONCLUDING = (
    *DECISIONS,
    *(ActKind.REFUSE_TO_ACCEPT, ActKind.NOT_OURS, ActKind.TERMINATE, ActKind.DEEM_WITHDRAWN, ActKind.REVOKE),
)
"""Acts by which the office says what comes of a case."""


class PromiseKind(TextChoices):
    DEFERRAL = "deferral", "容缺后补"
    COMMITMENT = "commitment", "告知承诺"


class PromiseEnding(TextChoices):
    KEPT = "kept", "已补交"
    BROKEN = "broken", "逾期没有补交"
    TRUE = "true", "核查属实"
    FALSE = "false", "核查不实"
    WITHDRAWN = "withdrawn", "已撤回"
