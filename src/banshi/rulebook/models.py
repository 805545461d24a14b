"""Findings of the rule book, demands that are kept with their grounds, and objections."""

from django.db import models
from django.db.models import F, Q

from banshi.catalog.models import Item, Revision
from banshi.core.models import StoredFile
from banshi.people.models import Organ, User
from banshi.rulebook.enums import HearingKind, ProposedDisposition, Severity

LINE = 300
SHARE_AT_MOST = 100


def _filled(*names: str) -> Q:
    """Require that none of the columns is empty."""
    return Q(*(~Q(**{name: ""}) for name in names))


class Examination(models.Model):
    """检查: one run of the rule book over some items.

    `counts` is how things stand after it: `severity`, `rule` and `organ` (id → severity) → number of open findings.
    """

    scope = models.CharField("范围", max_length=LINE, help_text="in words: 全部单位, 示例县教育局")
    organs = models.JSONField(default=list, help_text="ids of the organs whose items are examined")
    rulebook = models.CharField(max_length=64, help_text="digest of rules, word lists and laws")
    task = models.CharField(max_length=64, blank=True, help_text="key of its background task")
    items = models.PositiveIntegerField("事项数", default=0)
    examined = models.PositiveIntegerField(default=0, help_text="texts read; the others had not changed")
    counts = models.JSONField(default=dict)
    by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
                name="examination_ends_after_it_begins",
            ),
        )


class YearlyVolume(models.Model):
    """办件量: how often an item was asked for in a year, as its office says.

    What weighs burden and makes an item frequent.
    """

    item = models.OneToOneField(Item, models.CASCADE, related_name="yearly_volume")
    year = models.PositiveSmallIntegerField("年份")
    count = models.PositiveIntegerField("件数")
    at = models.DateTimeField()


class ExaminedRevision(models.Model):
    """A text that was examined. While its mark stands, it need not be examined again."""

    revision = models.OneToOneField(Revision, models.CASCADE, related_name="examined")
    mark = models.CharField(max_length=64, help_text="digest of the text, of what is known around it and of the rules")
    at = models.DateTimeField()


class Retention(models.Model):
    """保留: a finding somebody answers for, with reason and legal basis. It is no longer asked to be changed."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="retentions")
    rule = models.CharField("规则", max_length=10)
    place = models.CharField(max_length=64, help_text="digest of the element and what it says there")
    quote = models.CharField(max_length=LINE, blank=True)
    reason = models.CharField("理由", max_length=500)
    basis_title = models.CharField("依据名称", max_length=LINE)
    basis_doc_no = models.CharField("文号", max_length=LINE, blank=True)
    basis_articles = models.CharField("条款项", max_length=LINE)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=_filled("reason", "basis_title", "basis_articles"), name="retention_has_reason_and_basis"
            ),
            models.UniqueConstraint(
                fields=("item", "rule", "place"), condition=Q(ended_at=None), name="retained_once_at_a_place"
            ),
        )

    @property
    def basis(self) -> str:
        return cited(self.basis_title, self.basis_doc_no, self.basis_articles)


class FlawFound(models.Model):
    """A finding on one text, as it stood when it was examined. Item and organ stand here for lists."""

    examined = models.ForeignKey(ExaminedRevision, models.CASCADE, related_name="flaws")
    item = models.ForeignKey(Item, models.CASCADE, related_name="flaws")
    organ = models.ForeignKey(Organ, models.CASCADE, related_name="+")
    newest = models.BooleanField(help_text="in the text people go on with: the draft, or else what is in force")
    in_force = models.BooleanField(help_text="in the text the public reads")
    rule = models.CharField("规则", max_length=10)
    severity = models.CharField("轻重", max_length=10, choices=Severity.choices)
    weight = models.PositiveSmallIntegerField(help_text="of the severity, heaviest 0")
    path = models.CharField(max_length=200)
    place = models.CharField(max_length=64)
    quote = models.CharField(max_length=LINE, blank=True)
    message = models.TextField()
    disposition = models.CharField("处置意见", max_length=10, choices=ProposedDisposition.choices)
    rewrite = models.JSONField(null=True, help_text='{"path", "value"}')
    retention = models.ForeignKey(Retention, models.SET_NULL, null=True, blank=True, related_name="flaws")

    class Meta:
        ordering = ("weight", "id")
        indexes = (
            models.Index(fields=("organ", "weight", "id"), condition=Q(newest=True), name="flaws_of_an_organ"),
            models.Index(fields=("rule",), condition=Q(in_force=True), name="flaws_in_force_by_rule"),
        )


class ProofKept(models.Model):
    """保留证明: a proof that may still be asked for, on what legal basis, by whom and from whom."""

    name = models.CharField("证明名称", max_length=LINE)
    item = models.ForeignKey(Item, models.PROTECT, related_name="proofs_kept", verbose_name="用于事项")
    issuer = models.CharField("出具单位", max_length=LINE)
    purpose = models.CharField("用途", max_length=LINE, blank=True)
    basis_title = models.CharField("依据名称", max_length=LINE)
    basis_doc_no = models.CharField("文号", max_length=LINE, blank=True)
    basis_articles = models.CharField("条款项", max_length=LINE)
    is_example = models.BooleanField("示例", default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=_filled("name", "issuer", "basis_title", "basis_articles"), name="proof_kept_has_basis"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="proof_kept_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=("item", "name"), condition=Q(until=None), name="proof_kept_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def basis(self) -> str:
        return cited(self.basis_title, self.basis_doc_no, self.basis_articles)


class Hearing(models.Model):
    """公开征求意见、论证、听证 before a proof is kept: when, who took part, what came of it."""

    proof = models.ForeignKey(ProofKept, models.CASCADE, related_name="hearings")
    kind = models.CharField("方式", max_length=10, choices=HearingKind.choices)
    held_on = models.DateField("日期")
    who = models.CharField("参加人", max_length=500)
    conclusion = models.TextField("结论", max_length=2000)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("held_on", "id")
        constraints = (
            models.CheckConstraint(condition=_filled("who", "conclusion"), name="hearing_says_who_and_what"),
        )


class Objection(models.Model):
    """群众意见 on a proof that is kept. How to reach the person is sealed. The text is public only with an answer."""

    PURPOSE = "rulebook.Objection"

    proof = models.ForeignKey(ProofKept, models.CASCADE, related_name="objections")
    text = models.TextField("意见", max_length=2000)
    contact_kind = models.CharField("联系方式", max_length=10, blank=True)
    contact_sealed = models.BinaryField(default=bytes)
    contact_masked = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    answer = models.TextField("答复", max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    public = models.BooleanField("公开", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("proof",), condition=Q(answered_at=None), name="objections_waiting"),)
        constraints = (
            models.CheckConstraint(condition=_filled("text"), name="objection_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="", public=False)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="objection_answered_wholly_or_not",
            ),
        )


class CommitmentForm(models.Model):
    """告知承诺: the parts 国办发〔2020〕42号 asks of a 承诺书 for one material, and how it is checked afterwards."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="commitments")
    material = models.CharField("证明名称", max_length=LINE)
    basis_title = models.CharField("设定依据", max_length=LINE)
    basis_doc_no = models.CharField("文号", max_length=LINE, blank=True)
    basis_articles = models.CharField("条款项", max_length=LINE)
    content = models.TextField("证明内容", max_length=2000)
    way = models.CharField("承诺方式", max_length=LINE)
    liability = models.TextField("不实承诺的责任", max_length=2000)
    verification = models.TextField("核查权力", max_length=2000)
    check_share = models.PositiveSmallIntegerField("抽查比例", help_text="percent")
    check_days = models.PositiveSmallIntegerField("核查时限", help_text="working days")
    check_method = models.CharField("核查方式", max_length=LINE)
    check_by = models.CharField("核查人", max_length=LINE)
    is_example = models.BooleanField("示例", default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("material", "id")
        constraints = (
            models.UniqueConstraint(fields=("item", "material"), name="commitment_once"),
            models.CheckConstraint(
                condition=_filled(
                    *("material", "basis_title", "basis_articles", "content", "way"),
                    *("liability", "verification", "check_method", "check_by"),
                ),
                name="commitment_has_every_part",
            ),
            models.CheckConstraint(
                condition=Q(check_share__gte=1, check_share__lte=SHARE_AT_MOST, check_days__gte=1),
                name="commitment_is_checked_afterwards",
            ),
        )

    @property
    def basis(self) -> str:
        return cited(self.basis_title, self.basis_doc_no, self.basis_articles)


def cited(title: str, doc_no: str, articles: str) -> str:
    """Cite a law (《中华人民共和国行政许可法》第三十一条).

    A title that has its marks keeps them.
    """
    name = title if title.startswith("《") else f"《{title}》"
    return name + (f"（{doc_no}）" if doc_no else "") + articles
