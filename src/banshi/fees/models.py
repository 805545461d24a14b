"""Orders to pay."""

from django.db import models
from django.db.models import Q

from banshi.cases.models import Case
from banshi.people.models import User


class FeeOrder(models.Model):
    """缴费单: lines of the guide's fee list with their amounts. Its `number` is the key by which a gateway knows it."""

    class State(models.TextChoices):
        DUE = "due", "待缴费"
        PAID = "paid", "已缴费"
        REFUNDED = "refunded", "已退费"

    case = models.ForeignKey(Case, models.PROTECT, related_name="fee_orders")
    number = models.CharField("缴费单号", max_length=40, unique=True)
    lines = models.JSONField(help_text="name, standard, basis and amount of each, as the guide had them")
    total = models.DecimalField("金额", max_digits=12, decimal_places=2)
    pay_by = models.DateField("缴费期限")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DUE)
    charged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    charged_at = models.DateTimeField()
    begun_at = models.DateTimeField("去缴费", null=True, blank=True)
    payment_number = models.CharField("缴费流水号", max_length=80, blank=True)
    paid_at = models.DateTimeField("缴费时间", null=True, blank=True)
    at_window = models.BooleanField("在窗口缴的", default=False)
    returned_at = models.DateTimeField("网上重复缴的退回", null=True, blank=True)
    refunded_at = models.DateTimeField("退费时间", null=True, blank=True)
    refund_reason = models.CharField("退费原因", max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("case",), condition=Q(state="due"), name="one_fee_order_due_in_a_case"),
            models.CheckConstraint(condition=Q(total__gt=0), name="fee_order_has_an_amount"),
            models.CheckConstraint(
                condition=Q(state="due", paid_at=None, payment_number="")
                | (~Q(state="due") & Q(paid_at__isnull=False) & ~Q(payment_number="")),
                name="fee_order_paid_with_number",
            ),
            models.CheckConstraint(
                condition=(Q(state="refunded", refunded_at__isnull=False) & ~Q(refund_reason=""))
                | (~Q(state="refunded") & Q(refunded_at=None)),
                name="fee_order_refunded_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=("begun_at",), condition=Q(state="due"), name="fee_orders_under_way"),
            models.Index(
                fields=("begun_at",), condition=Q(at_window=True, returned_at=None), name="fee_orders_paid_twice"
            ),
        )

    def __str__(self) -> str:
        return f"缴费单{self.number}"

    @property
    def is_asked(self) -> bool:
        """Tell whether it is still to be paid, as it is not of a case that ended without a decision."""
        return self.state == self.State.DUE and not (self.case.ended_at and self.case.decided_on is None)
