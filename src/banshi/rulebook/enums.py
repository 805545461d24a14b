"""Words of the clean-up."""

from django.db.models import TextChoices


class Severity(TextChoices):
    """How much a finding weighs, heaviest first."""

    MUST = "must", "必改"
    SHOULD = "should", "应改"
    HINT = "hint", "提示"


class ProposedDisposition(TextChoices):
    """What is proposed for what was found (处置意见)."""

    COMPLETE = "complete", "补全"
    CORRECT = "correct", "改正"
    REMOVE = "remove", "取消"
    SHARE = "share", "改为部门共享"
    COMMIT = "commit", "改为告知承诺"
    REDUCE = "reduce", "精简"
    JUSTIFY = "justify", "说明理由和依据"
    EXPLAIN = "explain", "核实"


class HearingKind(TextChoices):
    """How a proof that is kept was talked over (C4)."""

    OPINIONS = "opinions", "公开征求意见"
    REVIEW = "review", "论证"
    HEARING = "hearing", "听证"
