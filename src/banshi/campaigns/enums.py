"""Words of a clean-up campaign (清理规范工作)."""

from django.db.models import TextChoices


class PhaseKind(TextChoices):
    """Kinds of phases (阶段)."""

    MOBILISE = "mobilise", "动员部署"
    REPORT = "report", "梳理上报"
    REVIEW = "review", "审核"
    EXPERT = "expert", "专家论证"
    LEGAL = "legal", "合法性审查"
    PUBLIC = "public", "公示征求意见"
    DECIDE = "decide", "审定"
    PUBLISH = "publish", "公布实施"


class DayCount(TextChoices):
    """Units in which a plan counts the days of its phases."""

    WORKING = "working", "工作日"
    CALENDAR = "calendar", "自然日"


class ReportedList(TextChoices):
    """Lists a unit reports besides its guides."""

    CATALOGUE = "catalogue", "公共服务事项目录表"
    AGENCIES = "agencies", "中介服务承揽机构名录"
    TRANSFERS = "transfers", "可向社会组织转移的事项清单"
    LIBRARY = "library", "导入事项库的梳理表"


class BodyRole(TextChoices):
    """Duties of review bodies (审核单位的职责)."""

    LEAD = "lead", "牵头审核"
    JOINT = "joint", "会同审核"
    EXPERT = "expert", "专家论证"
    LEGAL = "legal", "合法性审查"


class Disposition(TextChoices):
    """处置意见 on an item: what its owner, a body or the meeting wants done with it."""

    KEEP = "keep", "保留"
    CHANGE = "change", "修改"
    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    CANCEL = "cancel", "取消"
    DELEGATE = "delegate", "下放"
    TRANSFER = "transfer", "转移"


class Verdict(TextChoices):
    """A body's verdict on an item in a round."""

    AGREE = "agree", "同意"
    CHANGE = "change", "需修改"
    OPPOSE = "oppose", "不同意"


class Conclusion(TextChoices):
    """The lead body's conclusion."""

    PASS = "pass", "审核通过"
    RETURN = "return", "退回修改"
    DISPUTE = "dispute", "提交联席会议"


class Outcome(TextChoices):
    """The joint conference's outcome of a dispute (联席会议结果)."""

    AS_UNIT = "as_unit", "按上报单位意见"
    AS_BODY = "as_body", "按审核单位意见修改"
    OTHERWISE = "otherwise", "另定处置意见"


STAYING = (Disposition.KEEP, Disposition.CHANGE, Disposition.DELEGATE, Disposition.TRANSFER, Disposition.SPLIT)
"""With these the item is published as reported; the others end it."""
ENDING = (Disposition.CANCEL, Disposition.MERGE)
