"""Code tables of the registers."""

from django.db.models import TextChoices


class PowerList(TextChoices):
    """The two lists of powers."""

    POWER = "power", "权力清单"
    DUTY = "duty", "责任清单"


class Payer(TextChoices):
    """Payers of intermediary services (国办发〔2015〕31号: 审批部门委托的由审批部门付费)."""

    APPLICANT = "applicant", "申请人自行委托"
    OFFICE = "office", "审批部门委托并付费"


class FeeKind(TextChoices):
    """Ways in which fees are set."""

    MARKET = "market", "市场调节价"
    GUIDED = "guided", "政府指导价"
    FIXED = "fixed", "政府定价"
    FREE = "free", "不收费"


class PurchaseWay(TextChoices):
    """采购方式 (政府采购法 第二十六条)."""

    OPEN = "open", "公开招标"
    INVITED = "invited", "邀请招标"
    NEGOTIATED = "negotiated", "竞争性谈判"
    CONSULTED = "consulted", "竞争性磋商"
    INQUIRY = "inquiry", "询价"
    SINGLE = "single", "单一来源"
    FRAMEWORK = "framework", "框架协议"
    OTHER = "other", "其他"
