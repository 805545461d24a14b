"""好差评: invitations, ratings, and what is done about bad ones.

Who rated is kept in sealed columns and shown to named roles by recorded looks, never to whom was rated.
"""

from django.db import models
from django.db.models import Q

from banshi.cases.models import Case
from banshi.catalog.models import Item
from banshi.core.ids import new_guid
from banshi.feedback.enums import BadRatingOutcome, Grade, RatingChannel
from banshi.people.models import Organ, User
from banshi.workflow.models import FlowField, MoveRecord


class RatingInvitation(models.Model):
    """评价的邀请: one for each service, whose code opens the rating page without signing in."""

    service = models.CharField("哪次服务", max_length=80, unique=True, help_text="of the ledger's form: cases.Case:12")
    code = models.CharField(
        max_length=20, unique=True, help_text="stands on the ticket, the receipt and in the QR code"
    )
    label = models.CharField("办什么", max_length=300)
    case = models.OneToOneField(Case, models.CASCADE, null=True, blank=True, related_name="rating_invitation")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="rating_invitations", verbose_name="承办单位")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    window = models.CharField("窗口", max_length=60, blank=True)
    channel = models.CharField("途径", max_length=10, choices=RatingChannel.choices)
    citizen = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办事的人")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("organ", "invited_at")),)

    def __str__(self) -> str:
        return self.label


class RatedPerson(models.Model):
    """被评价的人: whose work a service was, so that they neither see who rated nor verify what was said."""

    invitation = models.ForeignKey(RatingInvitation, models.CASCADE, related_name="rated")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("invitation", "user"), name="rated_once_per_service"),)


class Rating(models.Model):
    """评价, one for each service."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    invitation = models.OneToOneField(RatingInvitation, models.PROTECT, related_name="rating")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="ratings", verbose_name="承办单位")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="ratings")
    window = models.CharField("窗口", max_length=60, blank=True)
    channel = models.CharField("途径", max_length=10, choices=RatingChannel.choices)
    grade = models.PositiveSmallIntegerField("满意度", choices=Grade.choices)
    tags = models.JSONField("原因", default=list, help_text="codes of data/feedback/policy.toml")
    words_sealed = models.BinaryField(default=bytes)
    rater_sealed = models.BinaryField(default=bytes, help_text="account, name and phone of who gave them")
    named = models.BooleanField("实名", default=False)
    at = models.DateTimeField("评价时间")
    counted = models.BooleanField("计入统计", default=True, help_text="not when it was found mistaken or malicious")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("organ", "at")), models.Index(fields=("at",)))
        constraints = (models.CheckConstraint(condition=Q(grade__range=(1, 5)), name="rating_has_one_of_five_grades"),)

    def __str__(self) -> str:
        return f"评价{self.pk}（{self.get_grade_display()}）"


class BadRating(models.Model):
    """差评处置. The ranks number the working days of the first promise, which nothing lengthens."""

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="handling")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="bad_ratings", verbose_name="承办单位")
    state = models.CharField("状态", max_length=20, default="received", help_text="a state of `flow`")
    flow = FlowField("bad_rating")
    contact_rank = models.IntegerField("联系期限", null=True, help_text="null where the rating is anonymous")
    due_rank = models.IntegerField("整改期限")
    contacted_at = models.DateTimeField("联系时间", null=True, blank=True)
    contacted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField("结论", max_length=10, choices=BadRatingOutcome.choices, blank=True)
    finding = models.CharField("核实情况和整改", max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    again_grade = models.PositiveSmallIntegerField("再评价", null=True, blank=True, choices=Grade.choices)
    again_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("organ", "state", "due_rank")),
            models.Index(fields=("state", "due_rank")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(again_grade=None, again_at=None) | Q(again_grade__range=(1, 5), again_at__isnull=False),
                name="rated_again_whole",
            ),
        )

    def __str__(self) -> str:
        return f"差评{self.pk}"


class BadRatingMove(MoveRecord):
    subject = models.ForeignKey(BadRating, models.CASCADE, related_name="moves")
