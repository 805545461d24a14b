"""Code tables of reception."""

from django.db.models import TextChoices


class AgreedBy(TextChoices):
    """Ways a person agrees to what somebody else has filled in for them."""

    SIGNATURE = "signature", "本人签名"
    CODE = "code", "短信验证码"


class HandInAs(TextChoices):
    """Acts that follow at the counter when an application is handed in."""

    ACCEPT = "accept", "受理"
    SUPPLEMENT = "supplement", "一次性告知补正"
    DEFER = "defer", "容缺受理"
    RECEIVE = "receive", "收件"


class DayHalf(TextChoices):
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"


class VisitState(TextChoices):
    ORDERED = "ordered", "待上门"
    DONE = "done", "已上门"
    CANCELLED = "cancelled", "已取消"
