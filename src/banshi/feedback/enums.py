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
