"""Words of the clean-up."""

from django.db.models import TextChoices


class Severity(TextChoices):
    """Severities, heaviest first."""

    MUST = "must", "必改"
    SHOULD = "should", "应改"
    HINT = "hint", "提示"


class ProposedDisposition(TextChoices):
    """Dispositions proposed for findings (处置意见)."""

    COMPLETE = "complete", "补全"
    CORRECT = "correct", "改正"
    REMOVE = "remove", "取消"
    SHARE = "share", "改为部门共享"
    COMMIT = "commit", "改为告知承诺"
    REDUCE = "reduce", "精简"
    JUSTIFY = "justify", "说明理由和依据"
    EXPLAIN = "explain", "核实"


class GroundCheck(TextChoices):
    """Ways in which a rule's legal ground was checked."""

    TEXT = "text", "条文已读"
    NUMBER = "number", "名称、文号已核对，条文未核对"
    NONE = "none", "未核对"
    ADVICE = "advice", "没有法律法规规定"


class GroundReach(TextChoices):
    """The matters a text is about. Where services are not among them it is used by analogy."""

    SERVICES = "services", "政务服务事项（含公共服务）"
    BUSINESS = "business", "市场主体办的事；群众个人办的事参照"
    LICENCE = "licence", "行政许可；公共服务参照"


class HearingKind(TextChoices):
    """Kinds of hearings about a proof that is kept (C4)."""

    OPINIONS = "opinions", "公开征求意见"
    REVIEW = "review", "论证"
    HEARING = "hearing", "听证"
