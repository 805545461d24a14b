"""Code tables of feedback."""

from django.db.models import IntegerChoices, TextChoices


class Grade(IntegerChoices):
    """Grades of GB/T 39046 (满意度). The last two are bad."""

    VERY_GOOD = 1, "非常满意"
    GOOD = 2, "满意"
    FAIR = 3, "基本满意"
    BAD = 4, "不满意"
    VERY_BAD = 5, "非常不满意"


BAD_GRADES = (Grade.BAD, Grade.VERY_BAD)


class RatingChannel(TextChoices):
    """Ways of asking for a rating: 一次一评 at the window, 一事一评 online."""

    WINDOW = "window", "窗口"
    ONLINE = "online", "网上"
    MESSAGE = "message", "短信"
    PHONE = "phone", "电话"


class BadRatingOutcome(TextChoices):
    """Results of verifying a bad rating."""

    MENDED = "mended", "属实，立行立改"
    PLANNED = "planned", "属实，限期整改"
    EXPLAINED = "explained", "没有依据，解释说明"
    EXCLUDED = "excluded", "误评或恶意，不计入"


class ComplaintKind(TextChoices):
    """Kinds of 诉求, each with its limit in data/feedback/policy.toml."""

    CONSULTATION = "consultation", "咨询"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    HELP = "help", "求助"
    SUGGESTION = "suggestion", "建议"


ACCUSING = (ComplaintKind.COMPLAINT, ComplaintKind.REPORT)
"""Kinds that are of somebody's conduct, who then reads nothing of them."""


class ComplaintChannel(TextChoices):
    SITE = "site", "网上"
    PHONE = "phone", "电话"
    LETTER = "letter", "来信"
    MAIL = "mail", "电子邮件"
    OPEN311 = "open311", "Open311"
    WINDOW = "window", "窗口"


BY_HAND = (ComplaintChannel.PHONE, ComplaintChannel.LETTER, ComplaintChannel.WINDOW)
"""Channels that staff write down for somebody."""


class WishAnswer(TextChoices):
    """Answers an organ gives to a wish that enough people support."""

    ADOPTED = "adopted", "采纳"
    EXISTING = "existing", "已经有了"
    NOT_NOW = "not_now", "暂时做不到"
    NOT_OURS = "not_ours", "不属于政府职责"
