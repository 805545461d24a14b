"""Choices of the exchange, with the words of decree 809."""

from django.db.models import TextChoices


class Sharing(TextChoices):
    """共享属性."""

    UNCONDITIONAL = "unconditional", "无条件共享"
    CONDITIONAL = "conditional", "有条件共享"
    REFUSED = "refused", "不予共享"


class InformationKind(TextChoices):
    """Kinds of information items, each compared by its own rule."""

    TEXT = "text", "文字"
    NAME = "name", "姓名"
    ID_NUMBER = "id_number", "证件号码"
    ADDRESS = "address", "地址"
    DATE = "date", "日期"
    NUMBER = "number", "数字"


class KeyAlgorithm(TextChoices):
    """Algorithms of RFC 9421, and HMAC with the national SM3."""

    ED25519 = "ed25519", "Ed25519（对方自己生成密钥对，交来公钥）"
    HMAC_SHA256 = "hmac-sha256", "HMAC-SHA256（这里生成，双方共用）"
    SM2 = "sm2", "SM2（国密，对方自己生成密钥对，交来公钥）"
    HMAC_SM3 = "hmac-sm3", "HMAC-SM3（国密，这里生成，双方共用）"


class CallKind(TextChoices):
    VERIFY = "verify", "核验"
    LOOK_UP = "look_up", "取用"
    BATCH = "batch", "批量"


class BatchFormat(TextChoices):
    CSV = "csv", "CSV"
    PARQUET = "parquet", "Parquet"


class BatchKind(TextChoices):
    FULL = "full", "全量"
    INCREMENTAL = "incremental", "增量"


class CallOutcome(TextChoices):
    """Classes of answers, which the call log keeps in place of the answers."""

    MATCH = "match", "一致"
    MISMATCH = "mismatch", "不一致"
    NONE = "none", "无记录"
    ANSWERED = "answered", "已提供"
    FAILED = "failed", "没有问到"
    REFUSED = "refused", "不允许"


OBTAINED = (CallOutcome.MATCH, CallOutcome.ANSWERED)
"""Outcomes by which nobody has to hand in what was asked for."""
TOLD_NOTHING = (CallOutcome.FAILED, CallOutcome.REFUSED)
"""Outcomes that say nothing of the register, so that there is nothing to correct."""
DISPUTABLE = (CallOutcome.MISMATCH, CallOutcome.NONE, CallOutcome.ANSWERED)
"""Outcomes by which who asked may see that something is wrong."""


class CorrectionResult(TextChoices):
    CORRECTED = "corrected", "已更正"
    RIGHT = "right", "核实无误"


class RequestState(TextChoices):
    ASKED = "asked", "待答复"
    AGREED = "agreed", "已同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"


class GrantState(TextChoices):
    """Standing of a grant on a day."""

    IN_FORCE = "in_force", "可以用"
    AWAITED = "awaited", "还没有提供"
    WITHHELD = "withheld", "资源现在不共享"
    ENDED = "ended", "已到期"
    REVOKED = "revoked", "已收回"


class DemandState(TextChoices):
    OPEN = "open", "待回应"
    MATCHED = "matched", "已对接"
    REFUSED = "refused", "提供不了"


class ResourceState(TextChoices):
    DRAFT = "draft", "编报中"
    SUBMITTED = "submitted", "待审核"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已停用"
