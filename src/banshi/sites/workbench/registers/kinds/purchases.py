"""政府购买服务."""

from django import forms
from django.db.models import Q
from django.utils.safestring import SafeString

from banshi.registers.enums import PurchaseWay
from banshi.registers.models import Purchase
from banshi.sites.kit.listing.filters import ContainsWords, Equals, Key, Where
from banshi.sites.kit.templatetags.kit import money, status
from banshi.sites.workbench.registers.forms import ITEM_HELP, EntryForm
from banshi.sites.workbench.registers.register import (
    EXAMPLE,
    Column,
    Register,
    RegisterFilters,
    display_of,
    organ_column,
    text_of,
)

YEARS = range(2016, 2041)


class PurchaseForm(EntryForm):
    item = forms.CharField(label="为哪个事项购买", max_length=300, help_text=ITEM_HELP)

    class Meta:
        model = Purchase
        fields = (
            *("organ", "item", "year", "service", "budget", "way"),
            *("contractor", "contractor_uscc", "amount"),
        )
        labels = {"organ": "购买主体"}
        help_texts = {"contractor": "签了合同再填，连同信用代码和合同金额。"}


class PurchaseFilters(RegisterFilters):
    q = ContainsWords("service", "item__name", "contractor", label="关键字")
    year = Key("year", "年度", options=[(str(year), f"{year}年") for year in YEARS])
    way = Equals("way", "采购方式", options=PurchaseWay.choices)
    state = Where(lambda v: Q(amount__isnull=v == "open"), "承接", options=[("open", "还没签"), ("signed", "已签合同")])


def _guide_says(purchase: Purchase) -> SafeString | str:
    """Compare with the guide in force."""
    # A plan with a guide that says otherwise is to be looked into.
    listing = getattr(purchase.item, "listing", None)
    if listing is None:
        return "指南没有公布"
    bought = listing.publication.revision.content.get("government_purchase")
    return "是" if bought else status("指南没写“是”，请核对", "warn")


REGISTER = Register(
    order=50,
    code="purchases",
    label="政府购买服务",
    intro="纳入政府购买服务的事项，一年一行：预算多少、谁来买、怎么买、由谁承接。",
    icon="cash-coin",
    model=Purchase,
    form=PurchaseForm,
    columns=(
        organ_column("购买主体"),
        Column("年度", text_of("year"), listed=True),
        Column("购买内容", text_of("service")),
        Column("事项", lambda e: e.item.name, listed=True),
        Column("预算", lambda e: money(e.budget), listed=True),
        Column("采购方式", display_of("way")),
        Column("承接主体", text_of("contractor"), listed=True),
        Column("承接主体信用代码", text_of("contractor_uscc")),
        Column("合同金额", lambda e: money(e.amount) if e.amount is not None else ""),
        Column("指南里写的", _guide_says, listed=True),
        EXAMPLE,
    ),
    filters=PurchaseFilters,
    joined=("item__listing__publication__revision",),
)
