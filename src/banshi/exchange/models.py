"""The catalogue, who asked for what and was given it, and every call."""

from base64 import b64decode
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import models
from django.db.models import Q

from banshi.catalog.models import Item
from banshi.clients.models import Client
from banshi.core.append_only import declare
from banshi.core.crypto import decrypt, encrypt
from banshi.core.models import StoredFile
from banshi.exchange.enums import (
    TOLD_NOTHING,
    BatchFormat,
    BatchKind,
    CallKind,
    CallOutcome,
    CorrectionResult,
    DemandState,
    GrantState,
    KeyAlgorithm,
    RequestState,
    ResourceState,
    Sharing,
)
from banshi.exchange.signatures import PublicKey, SharedSecret, Sm2PublicKey, VerifyingKey
from banshi.ledger import System
from banshi.people.models import Organ, User


@lru_cache(maxsize=256)
def _address(sealed: bytes) -> str:
    """Open the address of a source once for as long as it stands sealed the same."""
    return decrypt(sealed, purpose=DataSystem.ADDRESS)


class DataSystem(models.Model):
    """数据来源: a system of an organ inside the city, read and never written."""

    ADDRESS = "exchange.DataSystem"

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="data_systems", verbose_name="所属单位")
    kind = models.CharField("种类", max_length=20, default="sql", help_text="a code of exchange.sources")
    address_sealed = models.BinaryField()
    active = models.BooleanField("在用", default=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    resting_until = models.DateTimeField("暂停到", null=True, blank=True)
    last_error = models.CharField("上次的问题", max_length=300, blank=True)
    checked_at = models.DateTimeField("上次检查", null=True, blank=True)
    check_trouble = models.CharField("检查的结果", max_length=300, blank=True, help_text='"": all was well')

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seal(cls, address: str) -> bytes:
        return encrypt(address, purpose=cls.ADDRESS)

    @property
    def address(self) -> str:
        return _address(bytes(self.address_sealed))


class Resource(models.Model):
    """数据资源: an entry of the catalogue with what decree 809 §13 and the guide of 2017 ask together."""

    code = models.CharField("资源代码", max_length=60, unique=True)
    name = models.CharField("数据目录名称", max_length=200)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="data_resources", verbose_name="提供单位")
    category = models.CharField("分类", max_length=200, blank=True, help_text="类 / 项 / 目")
    summary = models.TextField("摘要", blank=True)
    data_format = models.CharField("数据格式", max_length=40, blank=True)
    update_cycle = models.CharField("更新频率", max_length=20, blank=True)
    sharing = models.CharField("共享属性", max_length=20, choices=Sharing.choices)
    condition = models.TextField("使用条件", blank=True, help_text="scope and use of what is shared on conditions")
    basis = models.CharField("不予共享的依据", max_length=300, blank=True, help_text="law and article")
    means = models.CharField("共享方式", max_length=20, blank=True)
    classification = models.CharField("数据分类", max_length=40, blank=True)
    level = models.PositiveSmallIntegerField("数据分级", default=1)
    open_data = models.BooleanField("向社会开放", default=False)
    open_condition = models.CharField("开放条件", max_length=300, blank=True)
    related = models.JSONField("关联资源", default=list, blank=True, help_text="codes")
    papers = models.JSONField("可以代替的材料", default=list, blank=True, help_text="names, as guides ask for them")
    duty = models.CharField(
        "对应的职责", max_length=300, blank=True, help_text="of the organ, from which the data come"
    )
    items = models.JSONField(
        "信息项", default=list, help_text="key, label, kind, level, personal, and what differs from the entry"
    )
    proposed = models.JSONField("待审核的改动", default=dict, blank=True, help_text="of a published entry, by element")
    state = models.CharField("状态", max_length=20, choices=ResourceState.choices, default=ResourceState.DRAFT)
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    check_due_rank = models.IntegerField("审核期限", null=True, blank=True, help_text="rank of the working day")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    returned = models.CharField("退回的理由", max_length=300, blank=True)
    change = models.CharField("什么变了", max_length=300, blank=True)
    changed_at = models.DateTimeField("变化登记时间", null=True, blank=True)
    update_due_rank = models.IntegerField("更新期限", null=True, blank=True, help_text="rank of the working day")
    extension_reason = models.CharField("延长更新的理由", max_length=300, blank=True)
    extended_at = models.DateTimeField("同意延长更新", null=True, blank=True)
    overdue_told_on = models.DateField("超期报告", null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(sharing=Sharing.REFUSED) | ~Q(basis=""), name="refused_resource_names_its_law"
            ),
            models.CheckConstraint(
                condition=~Q(sharing=Sharing.CONDITIONAL) | ~Q(condition=""), name="conditional_resource_says_for_what"
            ),
            models.CheckConstraint(
                condition=~Q(state=ResourceState.PUBLISHED) | Q(published_at__isnull=False),
                name="published_resource_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(update_due_rank=None) | (Q(changed_at__isnull=False) & ~Q(change="")),
                name="update_clock_has_a_change",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def labels(self) -> dict[str, str]:
        return {each["key"]: each["label"] for each in self.items}

    @property
    def refused_items(self) -> set[str]:
        """Keys of items that are not shared though the entry is."""
        return {each["key"] for each in self.items if each.get("sharing") == Sharing.REFUSED}

    def shares(self, keys: Iterable[str]) -> bool:
        """Tell whether the entry and these of its items are shared as it stands now."""
        return self.sharing != Sharing.REFUSED and not self.refused_items & set(keys)

    def end_of_update(self) -> None:
        """Stop the clock of an update, unsaved."""
        self.change = self.extension_reason = ""
        self.changed_at = self.update_due_rank = self.extended_at = self.overdue_told_on = None


class ResourceMeasure(models.Model):
    """Quality of a resource, counted at its source on a day: how much, how empty, how often twice, how new."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="measures")
    at = models.DateTimeField("测的时间")
    rows = models.BigIntegerField("条数", null=True, blank=True)
    blanks = models.JSONField("空着的", default=dict, help_text="rows without a value, by key of the item")
    duplicates = models.BigIntegerField("重复", null=True, blank=True, help_text="rows beyond the first of a person")
    newest = models.DateTimeField("最近更新", null=True, blank=True)
    trouble = models.CharField("没有测成", max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=(Q(rows=None) & ~Q(trouble="")) | Q(rows__isnull=False, trouble=""),
                name="measured_or_in_trouble",
            ),
        )

    def __str__(self) -> str:
        return f"“{self.resource}”的质量"


class DataRequest(models.Model):
    """共享申请: basis, scene, scope, means and period (decree 809 §20), answered within the days of §21.

    Days are kept as ranks of working days.
    """

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="requests", verbose_name="数据资源")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="data_requests", verbose_name="申请单位")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="用在哪个事项")
    fields = models.JSONField("信息项", default=list, help_text="keys of the resource's items")
    basis = models.CharField("使用依据", max_length=300)
    scene = models.CharField("使用场景", max_length=500)
    scope = models.CharField("使用范围", max_length=300)
    means = models.CharField("共享方式", max_length=20)
    monthly_volume = models.PositiveIntegerField("每月大约几次", default=0)
    wanted_until = models.DateField("使用时限")
    told_after_days = models.PositiveSmallIntegerField("几天以后本人才看得到", default=0)
    told_late_basis = models.CharField("暂时不让本人知道的依据", max_length=300, blank=True)
    state = models.CharField("状态", max_length=20, choices=RequestState.choices, default=RequestState.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField("收到时间")
    due_rank = models.IntegerField("答复期限", null=True, blank=True)
    lacking = models.CharField("要补什么", max_length=500, blank=True)
    lacking_told_at = models.DateTimeField("一次告知", null=True, blank=True)
    completed_at = models.DateTimeField("补齐时间", null=True, blank=True)
    extension = models.PositiveSmallIntegerField("延长几个工作日", default=0)
    extension_reason = models.CharField("延长的理由", max_length=300, blank=True)
    extension_asked_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField("同意延长", null=True, blank=True)
    extended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField("答复", max_length=500, blank=True)
    delivery_due_rank = models.IntegerField("提供期限", null=True, blank=True)
    delivered_at = models.DateTimeField("提供时间", null=True, blank=True)
    escalated_on = models.DateField("超期报告", null=True, blank=True, help_text="the authority was told of silence")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("due_rank",), condition=Q(state="asked"), name="data_requests_to_answer"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("asked", "withdrawn"), answered_at=None)
                | (Q(state__in=("agreed", "refused")) & Q(answered_at__isnull=False)),
                name="data_request_answered_with_time",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="refusal_has_reasons"),
            models.CheckConstraint(
                condition=Q(lacking="", lacking_told_at=None) | (~Q(lacking="") & Q(lacking_told_at__isnull=False)),
                name="lacking_told_with_time",
            ),
            models.CheckConstraint(
                condition=Q(told_after_days=0, told_late_basis="")
                | (Q(told_after_days__gt=0) & ~Q(told_late_basis="")),
                name="told_late_by_law_only",
            ),
            models.CheckConstraint(
                condition=Q(extension=0, extended_at=None) | (Q(extension__gt=0) & Q(extended_at__isnull=False)),
                name="extension_has_consent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organ.called}申请使用“{self.resource}”"


class Grant(models.Model):
    """授权: the fields and rows an organ may use, for what, until when. Revoked at once."""

    request = models.OneToOneField(DataRequest, models.PROTECT, related_name="grant")
    fields = models.JSONField("可以用的信息项", default=list)
    conditions = models.JSONField(
        "只限哪些数据", default=list, help_text="[{item, values}]: rows with one of the values"
    )
    unmasked = models.JSONField("给原文的信息项", default=list, help_text="keys of `fields` that are not masked")
    verify_only = models.BooleanField("只能核验", default=True)
    in_batches = models.BooleanField("可以整批取", default=False)
    daily_quota = models.PositiveIntegerField("每天最多几次", default=1000)
    since = models.DateField("起")
    until = models.DateField("止")
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoke_reason = models.CharField("收回的原因", max_length=300, blank=True)
    used_on: date | None
    used: int
    """The last day of use and how often then, where a call reads the grant (`queries.grants_with_use`)."""

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="grant_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(in_batches=True, verify_only=True), name="batches_are_more_than_verification"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoke_reason="") | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="grant_revoked_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request.organ.called}使用“{self.request.resource}”的授权"

    def state_on(self, day: date) -> GrantState:
        if self.revoked_at:
            return GrantState.REVOKED
        if day > self.until:
            return GrantState.ENDED
        if self.request.delivered_at is None:
            return GrantState.AWAITED
        resource = self.request.resource
        shared = resource.state == ResourceState.PUBLISHED and resource.shares(self.fields)
        return GrantState.IN_FORCE if shared else GrantState.WITHHELD

    @property
    def terms(self) -> str:
        """Word how the data may be used."""
        ways = "只能核验" if self.verify_only else "核验、取数据、整批取" if self.in_batches else "核验、取数据"
        return f"{ways}，每天最多{self.daily_quota}次"


class GrantDay(models.Model):
    """Calls made under a grant on a day, counted as they are recorded, so that the quota asks one row."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="days")
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("grant", "day"), name="one_count_of_a_grants_day"),)


class CallRecord(models.Model):
    """调用记录: one call, for good, its digest in the ledger's entry of it. The answer itself is not kept."""

    number = models.BigAutoField(primary_key=True, help_text="rises; what was taken back leaves a gap")
    at = models.DateTimeField("时间")
    # No search walks an index of these alone, and each would make every call dearer.
    grant = models.ForeignKey(
        Grant, models.PROTECT, null=True, related_name="calls", db_index=False, help_text="None: refused before"
    )
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="calls", db_index=False)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", db_index=False, verbose_name="谁问的")
    clerk = models.CharField("经办人", max_length=150, help_text="ledger id")
    clerk_name = models.CharField(max_length=150)
    purpose = models.CharField("为哪件事", max_length=120, help_text="<app>.<Model>:<key>")
    purpose_number = models.CharField("编号", max_length=60)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="事项")
    person_index = models.CharField("谁的信息", max_length=64, blank=True, help_text="keyed digest of the number")
    person_role = models.CharField("在这件事里是谁", max_length=40, blank=True)
    kind = models.CharField("方式", max_length=10, choices=CallKind.choices)
    fields = models.JSONField("信息项", default=list)
    outcome = models.CharField("结果", max_length=10, choices=CallOutcome.choices)
    rows = models.PositiveIntegerField("几条", default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    answer_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(
        max_length=64, blank=True, help_text="digest of the call before, of calls that stood in one chain"
    )
    digest = models.CharField(max_length=64, help_text="of everything above")

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("purpose", "-number"), name="calls_for_a_case"),
            # Searches are answered newest first, a page at once: each walks the index that ends in time.
            models.Index(fields=("-at", "-number"), name="calls_in_time"),
            models.Index(fields=("person_index", "-at", "-number"), name="calls_about_person_in_time"),
            models.Index(fields=("resource", "-at", "-number"), name="calls_of_resource_in_time"),
            models.Index(fields=("clerk", "-at", "-number"), name="calls_by_clerk_in_time"),
            models.Index(fields=("purpose_number", "-at", "-number"), name="calls_for_number_in_time"),
            models.Index(fields=("clerk", "outcome", "at"), name="outcomes_by_a_clerk"),
        )

    @property
    def told_nothing(self) -> bool:
        """Tell whether nothing of the register was answered, so that there is nothing to correct."""
        return self.outcome in TOLD_NOTHING

    @property
    def by_software(self) -> bool:
        """Tell whether the software asked by itself, by nobody's hand."""
        return self.clerk.startswith(System.PREFIX)


declare(CallRecord, "number")


class Anomaly(models.Model):
    """异常: unusual use by one clerk, found in the call log by a rule, explained by somebody else."""

    rule = models.CharField(max_length=30, help_text="a code of data/exchange/anomalies.toml")
    label = models.CharField("情况", max_length=60)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="单位")
    clerk = models.CharField("经办人", max_length=150, help_text="ledger id")
    clerk_name = models.CharField(max_length=150)
    person_index = models.CharField(
        max_length=64, blank=True, help_text="keyed digest, where it is of one person or family"
    )
    since = models.DateTimeField("从")
    until = models.DateTimeField("到")
    count = models.PositiveIntegerField("几次")
    words = models.CharField("说明", max_length=500)
    numbers = models.JSONField("调用", default=list, help_text="numbers of the newest calls")
    found_at = models.DateTimeField("发现时间")
    explanation = models.CharField("核实的情况", max_length=500, blank=True)
    explained_at = models.DateTimeField("核实时间", null=True, blank=True)
    explained_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("rule", "clerk", "person_index"),
                condition=Q(explained_at=None),
                name="one_open_anomaly_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(explained_at=None, explanation="") | (Q(explained_at__isnull=False) & ~Q(explanation="")),
                name="anomaly_explained_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.clerk_name}：{self.label}"


class CallSearch(models.Model):
    """查调用记录: what was looked for and why. The look is its maker's alone, and itself on record."""

    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("什么时候查的")
    reason = models.CharField("为什么查", max_length=300)
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True, related_name="+")
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    clerk = models.CharField("经办人", max_length=150, blank=True, help_text="a name")
    case_number = models.CharField("办件编号", max_length=60, blank=True)
    person_index = models.CharField("查谁", max_length=64, blank=True, help_text="keyed digest of the number")
    since = models.DateField("从", null=True, blank=True)
    until = models.DateField("到", null=True, blank=True)
    anomaly = models.ForeignKey(Anomaly, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"查调用记录：{self.reason}"


PUBLIC_KEYS = (KeyAlgorithm.ED25519, KeyAlgorithm.SM2)
"""Algorithms of which the caller keeps the private half."""


@lru_cache(maxsize=256)
def _public_key(text: str) -> PublicKey:
    return PublicKey(Ed25519PublicKey.from_public_bytes(b64decode(text)))


class CallerKey(models.Model):
    """签名密钥: the key by which a registered system signs its calls, public (Ed25519, SM2) or a sealed secret (HMAC)."""

    SEALED = "exchange.CallerKey"

    client = models.ForeignKey(Client, models.PROTECT, related_name="exchange_keys", verbose_name="系统")
    keyid = models.CharField("密钥编号", max_length=60, unique=True)
    algorithm = models.CharField("算法", max_length=20, choices=KeyAlgorithm.choices)
    public = models.CharField("公钥", max_length=100, blank=True, help_text="32 or, of SM2, 64 bytes in base64")
    secret_sealed = models.BinaryField(default=bytes)
    since = models.DateTimeField("起")
    until = models.DateTimeField("止")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    revoke_reason = models.CharField("收回的原因", max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=(Q(algorithm__in=PUBLIC_KEYS) & ~Q(public=""))
                | (~Q(algorithm__in=PUBLIC_KEYS) & Q(public="")),
                name="caller_key_is_public_or_secret",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoke_reason="") | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="caller_key_revoked_with_reason",
            ),
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="caller_key_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.keyid

    @property
    def secret(self) -> SharedSecret | None:
        """Open the shared secret, of which a public key has none."""
        if self.algorithm in PUBLIC_KEYS:
            return None
        return SharedSecret(b64decode(decrypt(bytes(self.secret_sealed), purpose=self.SEALED)), self.algorithm)

    @property
    def verifying_key(self) -> VerifyingKey:
        if self.algorithm == KeyAlgorithm.SM2:
            return Sm2PublicKey(b64decode(self.public))
        return self.secret or _public_key(self.public)


class UsedNonce(models.Model):
    """A nonce that has come, so that no call is answered twice. Kept as long as its signature could pass."""

    key = models.ForeignKey(CallerKey, models.CASCADE, related_name="nonces", db_index=False)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "nonce"), name="nonce_once_for_each_key"),)


class Correction(models.Model):
    """校核: somebody says that what a register answered is wrong, and its owner verifies, mends and reports back (§26)."""

    WORDS = "exchange.Correction"

    call = models.ForeignKey(
        CallRecord,
        models.PROTECT,
        null=True,
        related_name="corrections",
        help_text="None: of what a form was filled with",
    )
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="corrections")
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+", verbose_name="谁用的")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", verbose_name="事项")
    matter = models.CharField("为哪件事", max_length=120, blank=True, help_text="<app>.<Model>:<key>")
    matter_number = models.CharField("编号", max_length=60, blank=True)
    person_index = models.CharField("谁的信息", max_length=64, blank=True, help_text="keyed digest of the number")
    escalated_on = models.DateField("超期报告", null=True, blank=True)
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words_sealed = models.BinaryField("哪里不对")
    received_at = models.DateTimeField("收到时间")
    due_rank = models.IntegerField("答复期限", help_text="rank of the working day")
    result = models.CharField("结果", max_length=10, choices=CorrectionResult.choices, blank=True)
    answer_sealed = models.BinaryField("答复", default=bytes)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("due_rank",), condition=Q(result=""), name="corrections_to_answer"),)
        constraints = (
            models.UniqueConstraint(fields=("call",), condition=Q(result=""), name="one_open_correction_of_a_call"),
            models.CheckConstraint(
                condition=Q(result="", answered_at=None) | (~Q(result="") & Q(answered_at__isnull=False)),
                name="correction_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(call__isnull=False) | ~Q(matter=""), name="correction_of_a_call_or_a_matter"
            ),
        )

    def __str__(self) -> str:
        return f"对“{self.resource}”的校核"


class Demand(models.Model):
    """供需对接: data an office needs and finds in no entry, taken up by whoever has them."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="data_demands", verbose_name="需求单位")
    wanted = models.CharField("需要什么数据", max_length=200)
    items = models.CharField("要哪些信息项", max_length=500, blank=True)
    scene = models.CharField("用来办什么", max_length=500)
    basis = models.CharField("依据", max_length=300)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项")
    provider = models.ForeignKey(
        Organ,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="责任单位",
        help_text="who has them",
    )
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=10, choices=DemandState.choices, default=DemandState.OPEN)
    resource = models.ForeignKey(
        Resource, models.PROTECT, null=True, blank=True, related_name="demands", verbose_name="对接的资源"
    )
    answer = models.CharField("回应", max_length=500, blank=True)
    answered_at = models.DateTimeField("回应时间", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state=DemandState.OPEN, answered_at=None)
                | Q(state=DemandState.MATCHED, answered_at__isnull=False, resource__isnull=False)
                | (Q(state=DemandState.REFUSED, answered_at__isnull=False, resource=None) & ~Q(answer="")),
                name="demand_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organ.called}需要“{self.wanted}”"


class Subscription(models.Model):
    """订阅: a granted resource in batches, whole once and then what changed since the cursor."""

    grant = models.OneToOneField(Grant, models.PROTECT, related_name="subscription")
    format = models.CharField("格式", max_length=10, choices=BatchFormat.choices, default=BatchFormat.CSV)
    begun_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("停止", null=True, blank=True)
    cursor = models.CharField(max_length=60, blank=True, help_text="newest change sent, as the source writes it")
    whole_wanted = models.BooleanField("下一批要全量", default=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.grant.request.organ.called}订阅“{self.grant.request.resource}”"


class DataBatch(models.Model):
    """批次: one file of a subscription, counted by us when made and by the other side when taken."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField("批次", help_text="1, 2, 3 … of the subscription")
    kind = models.CharField("种类", max_length=12, choices=BatchKind.choices)
    cursor_from = models.CharField(max_length=60, blank=True)
    cursor_to = models.CharField(max_length=60, blank=True)
    rows = models.PositiveBigIntegerField("条数")
    total = models.PositiveBigIntegerField("来源共有", help_text="rows there then, within the grant")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", help_text="None: removed")
    sha256 = models.CharField("摘要", max_length=64, blank=True, help_text="of the file, in hex")
    made_at = models.DateTimeField("做好时间")
    taken_at = models.DateTimeField("取走时间", null=True, blank=True)
    counted = models.PositiveBigIntegerField("对方数到", null=True, blank=True)
    counted_total = models.PositiveBigIntegerField("对方共有", null=True, blank=True)
    counted_at = models.DateTimeField("对方报数时间", null=True, blank=True)
    removed_at = models.DateTimeField("文件删除时间", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("subscription", "number"), name="batch_number_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, removed_at=None) | Q(file=None, removed_at__isnull=False),
                name="batch_has_its_file_until_removed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subscription}第{self.number}批"

    @property
    def differs(self) -> bool:
        """Tell whether both sides counted and found different figures."""
        mine, theirs = (self.rows, self.total), (self.counted, self.counted_total)
        return any(their is not None and my != their for my, their in zip(mine, theirs, strict=True))
