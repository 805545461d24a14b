"""动态调整: what is asked for outside campaigns, what was said about it, and which organs examine."""

from django.db import models
from django.db.models import Q

from banshi.adjustments.enums import AdjustmentKind, Cause, ExaminationVerdict, Office
from banshi.catalog.models import Item, Revision
from banshi.core.models import StoredFile
from banshi.law.models import LawChange
from banshi.people.models import Division, Organ, User
from banshi.workflow.models import FlowField, MoveRecord

OPEN = ("prepared", "examining", "second", "returned", "approved", "checking")
"""States of data/workflows/adjustment.toml in which somebody has still to act; a test compares the two."""


class ExaminingOffice(models.Model):
    """审核单位: which organ is 编办, 法制, 审管办 of a division and of those below it that have none of their own."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="examining_offices", verbose_name="区划")
    office = models.CharField("职能", max_length=20, choices=Office.choices)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="offices", verbose_name="单位")

    class Meta:
        ordering = ("division_id", "office")
        constraints = (models.UniqueConstraint(fields=("division", "office"), name="office_once_per_division"),)


class Adjustment(models.Model):
    """动态调整 of one item.

    `text` is the frozen text examiners read, for kinds that put one in force. `into` the item that takes it in, for 并入.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="adjustments")
    into = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="并入哪个事项")
    kind = models.CharField("调整", max_length=10, choices=AdjustmentKind.choices)
    state = models.CharField("状态", max_length=20, default="prepared", help_text="a state of `flow`")
    flow = FlowField("adjustment")
    cause = models.CharField("事由", max_length=10, choices=Cause.choices)
    cause_day = models.DateField("事由发生日期")
    reason = models.CharField("理由", max_length=500, blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    urgent = models.BooleanField("加急", default=False)
    law_change = models.ForeignKey(LawChange, models.PROTECT, null=True, blank=True, related_name="adjustments")
    examiner = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    second = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="adjustments")
    identity = models.JSONField(
        "新的编码、类型、类别",
        null=True,
        blank=True,
        help_text="an ItemIdentity that the new version takes; None: as it is",
    )
    due = models.DateField(
        "期限", null=True, blank=True, help_text="of the present state; None when nothing is left to do"
    )
    reminded_on = models.DateField(null=True, blank=True, help_text="of the present state's last day")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "due")), models.Index(fields=("examiner", "state")))
        constraints = (
            models.UniqueConstraint(fields=("item",), condition=Q(state__in=OPEN), name="one_open_adjustment_per_item"),
            models.CheckConstraint(condition=Q(state__in=OPEN) | Q(due=None), name="nothing_is_due_when_ended"),
            models.CheckConstraint(
                condition=Q(kind=AdjustmentKind.MERGE, into__isnull=False)
                | (~Q(kind=AdjustmentKind.MERGE) & Q(into=None)),
                name="only_a_merger_names_another_item",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(examiner__isnull=False), name="applied_adjustment_has_examiner"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}“{self.item}”"


class AdjustmentMove(MoveRecord):
    subject = models.ForeignKey(Adjustment, models.CASCADE, related_name="moves")


class AdjustmentOpinion(models.Model):
    """An examiner's opinion, with the digest of the text they saw. Append-only."""

    adjustment = models.ForeignKey(Adjustment, models.CASCADE, related_name="opinions")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    verdict = models.CharField("意见", max_length=10, choices=ExaminationVerdict.choices)
    words = models.CharField("说明", max_length=1000, blank=True)
    seen = models.CharField(max_length=64, help_text="digest of the text examined, or of what was in force")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
