"""The guide's fee list as a form, and what is written of a payment or a refund."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from banshi.catalog.guide.document import Fee
from banshi.sites.kit.forms import PageForm


class ChargeForm(PageForm):
    pay_by = forms.DateField(label="缴费期限", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, listed: Sequence[Fee], data: Any = None) -> None:
        super().__init__(data)
        for place, fee in enumerate(listed):
            self.fields[f"fee{place}"] = forms.DecimalField(
                label=f"{fee.name}（元）",
                required=False,
                min_value=Decimal("0.01"),
                max_digits=10,
                decimal_places=2,
                help_text=f"标准：{fee.standard}。{'减免：' + fee.reduction + '。' if fee.reduction else ''}不收就空着。",
            )
        self.order_fields([*(name for name in self.fields if name != "pay_by"), "pay_by"])

    @property
    def amounts(self) -> dict[int, Decimal]:
        given = {name.removeprefix("fee"): value for name, value in self.cleaned_data.items() if name != "pay_by"}
        return {int(place): amount for place, amount in given.items() if amount is not None}


class TakenForm(PageForm):
    number = forms.CharField(label="票据号或流水号", max_length=80, help_text="窗口收款后填写，印在缴费凭证上。")


class RefundForm(PageForm):
    reason = forms.CharField(label="退费的原因", max_length=200, help_text="申请人会看到。")
