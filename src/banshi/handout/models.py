"""Results on their way to the person."""

from django.db import models
from django.db.models import Q

from banshi.cases.models import Case
from banshi.core.models import StoredFile
from banshi.handout.enums import HandOutState, HandOutWay
from banshi.people.models import Organ, User


class HandOut(models.Model):
    """出件: where the result of a case lies, how it went out, and who took it."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="hand_out")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="出件单位")
    place = models.CharField("架位", max_length=30)
    state = models.CharField("状态", max_length=10, choices=HandOutState.choices, default=HandOutState.SHELVED)
    way = models.CharField("领取方式", max_length=10, choices=HandOutWay.choices, default=HandOutWay.COUNTER)
    shelved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    shelved_at = models.DateTimeField("上架时间")
    reminders = models.PositiveSmallIntegerField("提醒次数", default=0)
    reminded_at = models.DateTimeField("最近提醒", null=True, blank=True)
    carrier = models.CharField("快递公司", max_length=60, blank=True)
    tracking = models.CharField("快递单号", max_length=60, blank=True)
    address_sealed = models.BinaryField(default=bytes, help_text="whom it was sent to, and where")
    sent_at = models.DateTimeField("寄出时间", null=True, blank=True)
    box = models.CharField("格口", max_length=30, blank=True)
    locker_code_sealed = models.BinaryField(default=bytes)
    locker_tries = models.PositiveSmallIntegerField("输错取件码的次数", default=0)
    locker_until = models.DateTimeField("取件码有效到", null=True, blank=True)
    receiver_sealed = models.BinaryField(default=bytes, help_text="name and number of who took it")
    receiver_masked = models.CharField("领取人（打码）", max_length=80, blank=True)
    as_agent = models.BooleanField("代领", default=False)
    authority = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发件人")
    ended_at = models.DateTimeField("领取时间", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("organ", "-id"), condition=~Q(state="done"), name="hand_outs_waiting"),
            models.Index(fields=("shelved_at",), condition=Q(state="shelved"), name="shelved_by_time"),
        )
        constraints = (
            models.CheckConstraint(
                condition=(Q(state="done") & Q(ended_at__isnull=False)) | (~Q(state="done") & Q(ended_at=None)),
                name="hand_out_done_with_time",
            ),
            models.CheckConstraint(
                condition=~Q(way="express") | (Q(sent_at__isnull=False) & ~Q(tracking="")),
                name="sent_hand_out_has_a_number",
            ),
            models.CheckConstraint(condition=Q(locker_until=None) | ~Q(box=""), name="locker_of_hand_out_has_a_box"),
            models.UniqueConstraint(
                fields=("organ", "box"), condition=Q(state="in_locker"), name="one_result_in_a_box"
            ),
        )

    def __str__(self) -> str:
        return f"出件{self.pk}"
