"""Items, their guides' revisions and publications, and what is written from a publication for reading."""

from django.db import models
from django.db.models import F, Q

from banshi.catalog.enums import ItemKind, Level
from banshi.catalog.guide.document import Guide
from banshi.catalog.identity import ItemIdentity, read_identity
from banshi.catalog.provenance import ALL, Provenance, source_note
from banshi.core.ids import new_guid
from banshi.people.models import Division, Organ, User
from banshi.workflow.models import FlowField, MoveRecord


class Category(models.Model):
    """事项类别: the 12 of plan 1 and 其他. A city may change them."""

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField("名称", max_length=30, unique=True)
    icon = models.CharField("图标", max_length=40, blank=True, help_text="a Bootstrap Icons name")
    hint = models.CharField("说明", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class LifeEvent(models.Model):
    """人生大事: a moment in a life or an enterprise's, and what one then needs."""

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField("名称", max_length=30)
    audience = models.CharField(max_length=10, choices=[("person", "个人"), ("company", "法人")])
    icon = models.CharField("图标", max_length=40, blank=True)
    hint = models.CharField("说明", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    items: models.ManyToManyField["Item", models.Model] = models.ManyToManyField(
        "Item", related_name="life_events", blank=True
    )
    stages = models.JSONField("阶段", default=list, blank=True)
    """In the order of life: [name, names of items]; the name may be empty."""

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class ReferenceItem(models.Model):
    """统一参考目录: an item as issued from above, which local items claim."""

    base_code = models.CharField("基本编码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("事项类型", max_length=2, choices=ItemKind.choices, default=ItemKind.SERVICE)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    field = models.CharField("主管领域", max_length=60, blank=True)
    issued_by = models.CharField("印发机关", max_length=120, blank=True)
    source = models.CharField("出处", max_length=300, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering = ("base_code",)

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """事项: identity only. What it says lies in revisions. What is in force, in publications."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="items", verbose_name="实施主体")
    name = models.CharField("事项名称", max_length=300, help_text="of the newest revision or publication")
    kind = models.CharField("事项类型", max_length=2, choices=ItemKind.choices, default=ItemKind.SERVICE)
    kind_as_given = models.CharField("原填事项类型", max_length=40, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="items")
    code = models.CharField(
        "事项编码", max_length=80, blank=True, db_index=True, help_text="as given, never changed silently"
    )
    base_code = models.CharField("基本编码", max_length=20, blank=True, db_index=True)
    reference = models.ForeignKey(ReferenceItem, models.PROTECT, null=True, blank=True, related_name="items")
    state = models.CharField("状态", max_length=20, default="active", help_text="a state of `flow`")
    flow = FlowField("item")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="split_into")
    percent = models.PositiveSmallIntegerField("完整度", default=0, help_text="of the newest revision's guide")
    is_example = models.BooleanField("示例", default=False, help_text="composed for demonstration, no real place's")
    source = models.CharField("出处", max_length=400, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("organ", "-id")), models.Index(fields=("organ", "state", "-id")))

    def __str__(self) -> str:
        return self.name


class ItemMove(MoveRecord):
    subject = models.ForeignKey(Item, models.CASCADE, related_name="moves")


class Revision(models.Model):
    """One state of an item's guide: editable while a draft, frozen with its digest when submitted or published."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "审核中"
        RETURNED = "returned", "被退回"
        PUBLISHED = "published", "已公布"
        DISCARDED = "discarded", "已放弃"

    OPEN = (State.DRAFT, State.SUBMITTED)

    item = models.ForeignKey(Item, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict, help_text="a Guide without its defaults")
    provenance = models.JSONField("各要素的来源", help_text="element name → Provenance, * for all others")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    digest = models.CharField(max_length=64, blank=True)
    stamp = models.PositiveIntegerField(default=1, help_text="grows with each save; who saves names the one they saw")
    reason = models.CharField("修改原因", max_length=300, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("item_id", "-number")
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="revision_number_once"),
            models.UniqueConstraint(
                fields=("item",), condition=Q(state__in=("draft", "submitted")), name="one_open_draft_per_item"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(digest="") | Q(state="discarded"), name="published_revision_has_digest"
            ),
        )

    @property
    def guide(self) -> Guide:
        return Guide.model_validate(self.content)


class Publication(models.Model):
    """公布: an immutable approved revision, in force from `since` until `until` (None: still)."""

    class Ending(models.TextChoices):
        REPLACED = "replaced", "被新版本替代"
        IN_ERROR = "in_error", "公布有误，撤下"
        MERGED = "merged", "并入其他事项"
        WITHDRAWN = "withdrawn", "停止办理并公告"
        SUSPENDED = "suspended", "暂停办理"
        CANCELLED = "cancelled", "事项取消"

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="publications")
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="publication")
    number = models.PositiveIntegerField("公布版本")
    since = models.DateTimeField("生效")
    until = models.DateTimeField("失效", null=True, blank=True)
    ending = models.CharField(max_length=20, choices=Ending.choices, blank=True)
    ending_note = models.CharField("说明", max_length=500, blank=True)
    approved_by = models.CharField("批准", max_length=150)
    reason = models.CharField("公布说明", max_length=300, blank=True)
    identity = models.JSONField(
        "编码、类型、类别", default=dict, help_text="an ItemIdentity, as it was in this version"
    )

    class Meta:
        ordering = ("item_id", "-number")
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="publication_number_once"),
            models.UniqueConstraint(fields=("item",), condition=Q(until=None), name="one_publication_in_force"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="publication_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=(Q(until=None) & Q(ending="")) | (Q(until__isnull=False) & ~Q(ending="")),
                name="publication_end_and_reason_together",
            ),
        )

    @property
    def identified(self) -> ItemIdentity:
        return read_identity(self.identity)

    @property
    def from_a_page(self) -> bool:
        return bool(self.revision.provenance[ALL] == Provenance.PAGE)

    @property
    def source_note(self) -> str:
        return source_note(self.item, self.revision.provenance, self.revision.content)


class Listing(models.Model):
    """Projection: one row per item in force, with what lists and answer cards show. Written only by publishing."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="listing")
    publication = models.OneToOneField(Publication, models.CASCADE, related_name="listing")
    organ = models.ForeignKey(Organ, models.CASCADE, related_name="+")
    division = models.ForeignKey(Division, models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="listings")
    name = models.CharField(max_length=300)
    summary = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=2)
    level = models.CharField(max_length=1, blank=True, choices=Level.choices)
    for_person = models.BooleanField(null=True, help_text="null: the guide does not say for whom it is")
    for_company = models.BooleanField(null=True)
    online = models.BooleanField(null=True, help_text="null: the guide does not say")
    limit_words = models.CharField(max_length=100, blank=True)
    fee_words = models.CharField(max_length=100, blank=True)
    visits = models.PositiveSmallIntegerField(null=True)
    has_guide = models.BooleanField(help_text="false: only the catalogue's line is known")
    is_example = models.BooleanField()
    provenance = models.CharField("资料来源", max_length=10, choices=Provenance.choices)
    since = models.DateTimeField()

    class Meta:
        ordering = ("item_id",)
        indexes = (
            models.Index(fields=("category", "-has_guide", "item")),
            models.Index(fields=("organ", "-has_guide", "item")),
        )


class PublishedBasis(models.Model):
    """Projection: laws that what is in force rests on or names, for questions across items.

    `path`: the element, bases.0 for 办理依据, fees.1.basis and the like for what stands elsewhere.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="bases")
    position = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=80, default="bases")
    title = models.CharField(max_length=300, db_index=True)
    doc_no = models.CharField(max_length=300, blank=True)
    articles = models.CharField(max_length=300, blank=True)


class PublishedMaterial(models.Model):
    """Projection: materials of what is in force."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300, db_index=True)
    issuer = models.CharField(max_length=300, blank=True)
    necessity = models.CharField(max_length=1)
    shared = models.BooleanField()
    commitment_ok = models.BooleanField()


class PublishedStep(models.Model):
    """Projection: steps of what is in force."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, blank=True)
    actor = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=300, blank=True)


class Change(models.Model):
    """The change feed: one row per change of what is in force, projected from events in their order (`change_feed`).

    Readers (search index, upper platforms) keep the number they have come to.
    """

    class Operation(models.TextChoices):
        INSERT = "I", "新增"
        UPDATE = "U", "变更"
        DELETE = "D", "撤下"

    number = models.BigAutoField(primary_key=True)
    batch = models.CharField("批次号", max_length=40, db_index=True)
    operation = models.CharField("操作类型", max_length=1, choices=Operation.choices)
    at = models.DateTimeField("时间")
    guid = models.UUIDField("GUID", default=new_guid, unique=True)
    item = models.ForeignKey(Item, models.CASCADE, related_name="changes")
    publication = models.ForeignKey(Publication, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ("number",)


class Notice(models.Model):
    """公示与公告 on the portal."""

    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="发布单位")
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="notices")
    published_at = models.DateTimeField("发布时间")
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering = ("-published_at", "-id")
