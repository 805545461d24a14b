"""Ratings and what is done about bad ones, complaints and questions, wishes and their supporters.

Who rated or complained is kept in sealed columns and shown to named roles by recorded looks, never to whom it is about.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from banshi.adjustments.models import Adjustment
from banshi.cases.models import Case
from banshi.catalog.models import Item
from banshi.core.models import StoredFile
from banshi.feedback.enums import BadRatingOutcome, ComplaintChannel, ComplaintKind, Grade, RatingChannel, WishAnswer
from banshi.people.models import Division, Organ, User
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

    guid = models.UUIDField(unique=True, default=uuid4, editable=False)
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
    device = models.CharField(max_length=64, blank=True, help_text="blind index of the browser and its day")
    staff_device = models.BooleanField("工作人员用过的设备", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("organ", "at")), models.Index(fields=("at",)))
        constraints = (models.CheckConstraint(condition=Q(grade__range=(1, 5)), name="rating_has_one_of_five_grades"),)

    def __str__(self) -> str:
        return f"评价{self.pk}（{self.get_grade_display()}）"


class BadRating(models.Model):
    """差评处置. The ranks number the working days of the first promise, which nothing lengthens."""

    guid = models.UUIDField(
        unique=True, default=uuid4, editable=False, help_text="all chance: whoever was rated reads no moment in it"
    )
    rating = models.OneToOneField(Rating, models.PROTECT, related_name="handling")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="bad_ratings", verbose_name="承办单位")
    state = models.CharField("状态", max_length=20, default="received", help_text="a state of `flow`")
    flow = FlowField("bad_rating")
    contact_rank = models.IntegerField("联系期限", null=True, help_text="null where the rating is anonymous")
    due_rank = models.IntegerField("整改期限")
    contact_late_at = models.DateTimeField(null=True, blank=True, help_text="when it was told to be late, once")
    late_at = models.DateTimeField(null=True, blank=True, help_text="when it was told to be late, once")
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
        return f"差评{self.guid.hex[:8].upper()}"


class BadRatingMove(MoveRecord):
    subject = models.ForeignKey(BadRating, models.CASCADE, related_name="moves")


class Complaint(models.Model):
    """诉求: a complaint, report, question or suggestion.

    `due_rank` and `promised` are the first promise, which passing it on does not touch. Those like an earlier one that
    is not answered yet hang on it (`leader`) and are dealt with by the same acts.
    """

    guid = models.UUIDField(
        unique=True, default=uuid4, editable=False, help_text="all chance: no address tells which came first"
    )
    number = models.CharField(
        "编号",
        max_length=20,
        unique=True,
        help_text="all chance but the year: who counts on from a neighbour's finds no order",
    )
    code_sealed = models.BinaryField(help_text="with the number it opens the progress page")
    kind = models.CharField("类型", max_length=12, choices=ComplaintKind.choices)
    protected_as = models.CharField(
        "按哪类保护",
        max_length=12,
        choices=ComplaintKind.choices,
        blank=True,
        help_text="the kind it was before it was re-classed, where whom it accuses is still kept from it",
    )
    channel = models.CharField("途径", max_length=10, choices=ComplaintChannel.choices)
    service_class = models.CharField("分类", max_length=30, help_text="a code of data/feedback/policy.toml")
    text = models.TextField("内容")
    likeness = models.CharField(max_length=64, help_text="digest of the text without marks and blanks")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="complaints")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="complaints")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="受理的区划")
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name="承办单位"
    )
    proposal = models.JSONField("建议的分类和承办单位", default=dict, help_text="class, organ and why")
    anonymous = models.BooleanField("匿名", default=False)
    reporter_index = models.CharField(
        max_length=64, blank=True, help_text="blind index of the account, joined to nothing"
    )
    reporter_sealed = models.BinaryField(default=bytes, help_text="account, name and how to reach them")
    state = models.CharField("状态", max_length=20, default="received", help_text="a state of `flow`")
    flow = FlowField("complaint")
    received_at = models.DateTimeField("收到时间")
    accept_rank = models.IntegerField("受理期限")
    due_rank = models.IntegerField("答复期限")
    promised = models.JSONField("承诺", default=dict, help_text="days, last day and basis as they were told")
    leader = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="并入"
    )
    transfers = models.PositiveSmallIntegerField("转办次数", default=0)
    reopened = models.PositiveSmallIntegerField("重新办理次数", default=0)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    accept_late_at = models.DateTimeField(null=True, blank=True, help_text="when it was told to be late, once")
    late_at = models.DateTimeField(null=True, blank=True, help_text="when it was told to be late, once")
    again_late_at = models.DateTimeField(null=True, blank=True, help_text="when it was told so since it was reopened")
    satisfied = models.BooleanField("满意", null=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("organ", "state", "due_rank")),
            models.Index(fields=("division", "state", "due_rank")),
            models.Index(fields=("likeness",)),
            models.Index(fields=("reporter_index", "-id")),
        )

    def __str__(self) -> str:
        return f"诉求{self.number}"

    @property
    def protection(self) -> str:
        """Return the kind by whose rules it is kept from whom it accuses, which re-classing never lessens."""
        return self.protected_as or self.kind


class ComplaintMove(MoveRecord):
    subject = models.ForeignKey(Complaint, models.CASCADE, related_name="moves")


class AccusedPerson(models.Model):
    """被反映的人: named in the text, beside whoever worked on the case. They read nothing of it."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="accused")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("complaint", "user"), name="accused_once_in_a_complaint"),)


class AccusedOrgan(models.Model):
    """被举报的单位: a report never goes there, and nobody who is or was in it reads anything of the report."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="accused_organs")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("complaint", "organ"), name="organ_accused_once_in_a_complaint"),
        )


class MailedLetter(models.Model):
    """来信: an e-mail that became a complaint, once by its Message-ID."""

    key = models.CharField(max_length=64, unique=True, help_text="digest of the Message-ID")
    complaint = models.OneToOneField(Complaint, models.CASCADE, null=True, blank=True, related_name="letter")
    problem = models.CharField("没有收下的原因", max_length=200, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class ComplaintFile(models.Model):
    """An attachment, examined and scanned when it came, encrypted at rest."""

    guid = models.UUIDField(unique=True, default=uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)


class ComplaintTransfer(models.Model):
    """转办: from whom to whom and why, counted so that passing on shows (推诿扯皮)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="transfer_rows")
    source = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)


class ComplaintReclassing(models.Model):
    """改类: from which kind to which and why, with the receiver of then, counted as passing on is."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="reclassings")
    before = models.CharField("原来的类型", max_length=12, choices=ComplaintKind.choices)
    after = models.CharField("改成的类型", max_length=12, choices=ComplaintKind.choices)
    source = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("理由", max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)


class KnowledgeEntry(models.Model):
    """知识: a good answer, offered while others write."""

    question = models.CharField("问题", max_length=300)
    answer = models.TextField("答复")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="knowledge", verbose_name="答复单位")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="knowledge")
    source = models.OneToOneField(Complaint, models.PROTECT, null=True, blank=True, related_name="knowledge")
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.question


class Wish(models.Model):
    """许愿（群众点菜）. Support counts for one round of the text, and a change of meaning begins the next."""

    guid = models.UUIDField(
        unique=True, default=uuid4, editable=False, help_text="all chance: who wished is not shown, nor the moment"
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出的人")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="wishes", verbose_name="答复单位"
    )
    title = models.CharField("愿望", max_length=80)
    state = models.CharField("状态", max_length=20, default="submitted", help_text="a state of `flow`")
    flow = FlowField("wish")
    round = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField("提出时间")
    due_rank = models.IntegerField("答复期限", null=True, blank=True)
    answer_kind = models.CharField("答复意见", max_length=10, choices=WishAnswer.choices, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("不公开的理由", max_length=500, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="wishes", verbose_name="做成的事项"
    )
    adjustment = models.ForeignKey(
        Adjustment, models.PROTECT, null=True, blank=True, related_name="wishes", verbose_name="为它作的调整"
    )
    linked_at = models.DateTimeField(null=True, blank=True, help_text="when `item` or `adjustment` was named")
    searched = models.PositiveIntegerField(
        "没有搜到的次数", default=0, help_text="of a wish that staff read out of searches"
    )
    realised_at = models.DateTimeField("实现时间", null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True, help_text="when its answer was told to be late, once")
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("division", "state", "-id")),
            models.Index(fields=("organ", "state", "due_rank")),
        )

    def __str__(self) -> str:
        return self.title


class WishMove(MoveRecord):
    subject = models.ForeignKey(Wish, models.CASCADE, related_name="moves")


class WishText(models.Model):
    """A text of a wish, by its digest. Those of one round mean the same."""

    wish = models.ForeignKey(Wish, models.CASCADE, related_name="texts")
    round = models.PositiveSmallIntegerField()
    title = models.CharField("愿望", max_length=80)
    text = models.TextField("说明")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class WishSupport(models.Model):
    """支持: of one person, for the text that was signed."""

    wish = models.ForeignKey(Wish, models.CASCADE, related_name="supports")
    text = models.ForeignKey(WishText, models.PROTECT, related_name="supports")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    doubtful = models.BooleanField("待确认", default=False, help_text="of an account that is very new; not counted")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("wish", "user"), name="one_support_of_a_person"),)
