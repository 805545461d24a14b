"""Lists that belong to the catalogue: reference editions, powers, transferable functions, intermediaries, purchases."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from banshi.access import Permission
from banshi.catalog.enums import ItemKind
from banshi.catalog.models import Category, Item, ReferenceItem
from banshi.core.id_numbers import uscc_is_valid
from banshi.people.models import Organ, User
from banshi.registers.enums import FeeKind, Payer, PowerList, PurchaseWay
from banshi.workflow.models import FlowField, MoveRecord

LINE = 300
AT_MOST = 4000
POWER_KINDS = [(code, label) for code, label in ItemKind.choices if code != ItemKind.SERVICE]


def valid_uscc(text: str) -> None:
    if not uscc_is_valid(text):
        raise ValidationError("统一社会信用代码应为18位，末位校验码要对，请照营业执照或登记证书填写")


class ReferenceEdition(models.Model):
    """统一参考目录 of one item, as issued: the elements that stand in `content` are unified, the others are everyone's own."""

    reference = models.ForeignKey(ReferenceItem, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField("版次")
    content = models.JSONField(default=dict, help_text="a Guide without its defaults")
    document = models.CharField("印发文件", max_length=LINE)
    note = models.CharField("修改说明", max_length=LINE, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField("印发时间")

    class Meta:
        ordering = ("reference_id", "-number")
        constraints = (models.UniqueConstraint(fields=("reference", "number"), name="edition_number_once"),)

    def __str__(self) -> str:
        return f"{self.reference} 第{self.number}版"


class Claim(models.Model):
    """认领 of the reference item at an edition. Without a row, it was before any was issued."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="claim")
    edition = models.ForeignKey(ReferenceEdition, models.PROTECT, related_name="claims")
    at = models.DateTimeField()


class Divergence(models.Model):
    """保留本地写法: from this edition on an element's own wording stands, for the reason given."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="divergences")
    edition = models.ForeignKey(ReferenceEdition, models.PROTECT, related_name="divergences")
    element = models.CharField("要素", max_length=40)
    reason = models.CharField("理由", max_length=LINE)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("item", "edition", "element"), name="divergence_once_per_edition"),
        )


class Proposal(models.Model):
    """自编事项上报: a self-coded item proposed for the reference catalogue. Accepted or declined with a reason."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="proposals")
    name = models.CharField("建议名称", max_length=200)
    base_code = models.CharField("建议编码", max_length=20)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    reason = models.CharField("理由", max_length=500)
    state = models.CharField(max_length=20, default="open", help_text="a state of `flow`")
    flow = FlowField("proposal")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("item",), condition=Q(state="open"), name="one_open_proposal_per_item"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, answer="")
                | Q(~Q(state="open"), ~Q(answer=""), answered_at__isnull=False),
                name="proposal_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ProposalMove(MoveRecord):
    subject = models.ForeignKey(Proposal, models.CASCADE, related_name="moves")


class RegisterEntry(models.Model):
    """Fields of every register's lines, the owner and whether composed for demonstration."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="单位")
    is_example = models.BooleanField("示例", default=False)
    created_at = models.DateTimeField()
    edited_with = Permission.REGISTER_EDIT

    class Meta:
        abstract = True
        ordering = ("-id",)


class Power(RegisterEntry):
    """权力事项 or 责任事项 of an organ. Cancelled ones stay, so that none returns as a public service."""

    list = models.CharField("清单", max_length=10, choices=PowerList.choices, default=PowerList.POWER)
    name = models.CharField("名称", max_length=LINE)
    kind = models.CharField("类型", max_length=2, choices=POWER_KINDS, default=ItemKind.POWER)
    code = models.CharField("编码", max_length=80, blank=True)
    basis = models.TextField("依据", max_length=AT_MOST, blank=True)
    duty = models.TextField("责任事项", max_length=AT_MOST, blank=True)
    liability = models.TextField("追责情形", max_length=AT_MOST, blank=True)
    cancelled_on = models.DateField("取消日期", null=True, blank=True)
    cancel_document = models.CharField("取消文件", max_length=LINE, blank=True)
    cancel_doc_no = models.CharField("取消文件文号", max_length=LINE, blank=True)
    instead = models.CharField("取消后", max_length=LINE, blank=True, help_text="what took its place, such as 备案")

    class Meta(RegisterEntry.Meta):
        indexes = (models.Index(fields=("organ", "-id"), name="powers_of_organ"),)
        constraints = (
            models.UniqueConstraint(
                fields=("organ", "list", "name"),
                name="power_once_per_list",
                violation_error_message="这个单位的这张清单里已有同名的一项",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None, cancel_document="")
                | Q(Q(cancelled_on__isnull=False), ~Q(cancel_document="")),
                name="power_cancelled_by_a_document",
                violation_error_message="取消的权力要写明取消日期和取消文件",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Transfer(RegisterEntry):
    """可向社会组织转移的职能: one function of an organ, drawn from an item of its own."""

    edited_with = Permission.ITEM_EDIT
    item = models.ForeignKey(Item, models.PROTECT, related_name="transfers", verbose_name="事项")
    function = models.CharField("可转移的职能", max_length=LINE)
    reason = models.CharField("理由", max_length=500)
    state = models.CharField("状态", max_length=20, default="proposed", help_text="a state of `flow`")
    flow = FlowField("transfer")
    opinion = models.CharField("编办意见", max_length=500, blank=True)
    document = models.CharField("文件", max_length=LINE, blank=True)
    receiver = models.CharField("承接组织", max_length=LINE, blank=True)
    receiver_uscc = models.CharField("承接组织信用代码", max_length=18, blank=True, validators=[valid_uscc])
    transferred_on = models.DateField("转移日期", null=True, blank=True)
    ended_why = models.CharField("收回或撤回的原因", max_length=500, blank=True)

    class Meta(RegisterEntry.Meta):
        indexes = (models.Index(fields=("organ", "-id"), name="transfers_of_organ"),)
        constraints = (
            models.UniqueConstraint(
                fields=("item", "function"),
                name="function_listed_once",
                violation_error_message="这个事项的这项职能已经列过",
            ),
            models.CheckConstraint(
                condition=~Q(state="transferred")
                | Q(~Q(receiver=""), ~Q(receiver_uscc=""), ~Q(document=""), transferred_on__isnull=False),
                name="transferred_to_somebody",
                violation_error_message="登记转移要写明承接组织、信用代码、文件和日期",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "withdrawn")) | ~Q(opinion=""),
                name="transfer_examined_with_opinion",
                violation_error_message="审核要写明编办意见",
            ),
        )

    def __str__(self) -> str:
        return self.function


class TransferMove(MoveRecord):
    subject = models.ForeignKey(Transfer, models.CASCADE, related_name="moves")


class IntermediaryService(RegisterEntry):
    """中介服务 that an approval asks for: on what ground, at what fee, within what time, at whose cost."""

    name = models.CharField("中介服务名称", max_length=LINE)
    approval = models.CharField("用于哪项审批", max_length=LINE)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="对应的事项")
    basis = models.CharField("设定依据", max_length=500, help_text="法律、行政法规、国务院决定，写到条款")
    payer = models.CharField("由谁委托", max_length=10, choices=Payer.choices)
    fee_kind = models.CharField("收费方式", max_length=10, choices=FeeKind.choices)
    fee = models.CharField("收费标准", max_length=LINE, blank=True)
    time_limit = models.CharField("服务时限", max_length=100)
    result = models.CharField("服务成果", max_length=LINE, blank=True)
    ended_on = models.DateField("不再要求的日期", null=True, blank=True)
    ended_by = models.CharField("清理文件", max_length=LINE, blank=True)

    class Meta(RegisterEntry.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("organ", "name", "approval"),
                name="intermediary_service_once",
                violation_error_message="这项审批的这个中介服务已经登记过",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by="") | Q(~Q(ended_by=""), ended_on__isnull=False),
                name="intermediary_service_ended_by_a_document",
                violation_error_message="不再要求的，要写明日期和清理文件",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Agency(RegisterEntry):
    """承揽机构: offers intermediary services. Registered here does not mean recommended."""

    name = models.CharField("机构名称", max_length=LINE)
    uscc = models.CharField("统一社会信用代码", max_length=18, validators=[valid_uscc])
    phone = models.CharField("业务电话", max_length=60)
    address = models.CharField("地址", max_length=LINE, blank=True)
    until = models.DateField("登记有效期至", null=True, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)
    left_why = models.CharField("退出原因", max_length=LINE, blank=True)

    class Meta(RegisterEntry.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("organ", "uscc"),
                name="agency_registered_once",
                violation_error_message="这个信用代码的机构已经登记过",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, left_why="") | Q(~Q(left_why=""), left_on__isnull=False),
                name="agency_left_with_a_reason",
                violation_error_message="退出要写明日期和原因",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """An agency's offer of a service, by a qualification, until a day."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="offers")
    service = models.ForeignKey(IntermediaryService, models.CASCADE, related_name="offers")
    qualification = models.CharField("资质", max_length=LINE)
    until = models.DateField("资质有效期至", null=True, blank=True)

    class Meta:
        ordering = ("agency__name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "service"), name="offered_once", violation_error_message="这家机构已经登记了这项服务"
            ),
        )


class Purchase(RegisterEntry):
    """政府购买服务: one line of a year's plan, and what came of it. `organ` is the purchaser."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="purchases", verbose_name="事项")
    year = models.PositiveSmallIntegerField("年度")
    service = models.CharField("购买内容", max_length=LINE)
    budget = models.DecimalField("预算（元）", max_digits=14, decimal_places=2)
    way = models.CharField("采购方式", max_length=12, choices=PurchaseWay.choices)
    contractor = models.CharField("承接主体", max_length=LINE, blank=True)
    contractor_uscc = models.CharField("承接主体信用代码", max_length=18, blank=True, validators=[valid_uscc])
    amount = models.DecimalField("合同金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta(RegisterEntry.Meta):
        indexes = (models.Index(fields=("organ", "year", "-id"), name="purchases_of_organ"),)
        constraints = (
            models.UniqueConstraint(
                fields=("organ", "item", "year", "service"),
                name="purchase_planned_once",
                violation_error_message="这一年的计划里已有这个事项的同一项购买内容",
            ),
            models.CheckConstraint(
                condition=Q(budget__gt=0), name="purchase_has_a_budget", violation_error_message="预算要大于0"
            ),
            models.CheckConstraint(
                condition=Q(contractor="", contractor_uscc="", amount=None)
                | Q(~Q(contractor=""), ~Q(contractor_uscc=""), amount__isnull=False, amount__lte=F("budget")),
                name="contract_whole_and_within_budget",
                violation_error_message="承接主体、信用代码和合同金额要一起填，合同金额不能超过预算",
            ),
        )

    def __str__(self) -> str:
        return self.service
