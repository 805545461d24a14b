"""Code tables of adjustments."""

from django.db.models import TextChoices


class AdjustmentKind(TextChoices):
    """Kinds of adjustment."""

    ADD = "add", "新增"
    CHANGE = "change", "变更"
    SUSPEND = "suspend", "暂停"
    RESUME = "resume", "恢复"
    CANCEL = "cancel", "取消"
    MERGE = "merge", "并入"


WITH_TEXT = (AdjustmentKind.ADD, AdjustmentKind.CHANGE)
"""Kinds that put a text in force."""


class Cause(TextChoices):
    """Reasons of adjustment (鄂政办发〔2020〕42号 names four situations)."""

    LAW = "law", "法律法规规章制定、修改、废止"
    DUTY = "duty", "机构职能调整"
    ABOVE = "above", "上级取消、下放、调整目录"
    SERVICE = "service", "优化服务，方便群众"
    FACT = "fact", "电话、地址等情况变化"
    OTHER = "other", "其他"


class Office(TextChoices):
    """Offices a division has for examining. Which organ each is, an administrator says."""

    ESTABLISHMENT = "establishment", "编办"
    LEGAL = "legal", "法制审核单位"
    ADMINISTRATION = "administration", "审管办"


class ExaminationVerdict(TextChoices):
    AGREE = "agree", "同意"
    RETURN = "return", "退回修改"
    REFUSE = "refuse", "不予调整"
    CONFIRM = "confirm", "核对无误"
    UNDO = "undo", "核对不符"
