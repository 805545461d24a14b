"""一件事: versions of what officials wrote, and what people fill in and hand in once for all of its parts."""

from django.db import models
from django.db.models import Q

from banshi.bundles.definition import BundleDefinition
from banshi.cases.enums import CaseChannel, MaterialTrust
from banshi.cases.models import Application
from banshi.catalog.models import Item, Publication
from banshi.core.ids import new_guid
from banshi.core.models import StoredFile
from banshi.people.models import User


class BundleVersion(models.Model):
    """A definition by its digest, kept for whatever began with it. One of a code is in force."""

    code = models.CharField("代码", max_length=31)
    digest = models.CharField(max_length=64)
    content = models.JSONField(help_text="a definition.BundleDefinition")
    since = models.DateTimeField("公布时间")
    until = models.DateTimeField("停用时间", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("code", "-id")
        constraints = (
            models.UniqueConstraint(fields=("code",), condition=Q(until=None), name="one_bundle_version_in_force"),
        )

    def __str__(self) -> str:
        return str(self.content["name"])

    @property
    def definition(self) -> BundleDefinition:
        return BundleDefinition.model_validate(self.content)


class BundleSubmission(models.Model):
    """一件事申请: a draft until it is submitted or discarded."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    key = models.UUIDField("防重复提交的号", unique=True, default=new_guid)
    owner = models.ForeignKey(User, models.PROTECT, related_name="bundle_submissions", verbose_name="申请人")
    agent = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="bundles_as_agent", verbose_name="经办人"
    )
    channel = models.CharField("渠道", max_length=10, choices=CaseChannel.choices, default=CaseChannel.ONLINE)
    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="submissions")
    answers_sealed = models.BinaryField(default=bytes)
    seen = models.JSONField(default=dict, help_text="part → publication by which the owner was shown it last")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField("草稿保留到")
    submitted_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("owner", "-id")),
            models.Index(fields=("agent", "-id")),
            models.Index(
                fields=("expires_at",),
                condition=Q(submitted_at=None, discarded_at=None),
                name="bundle_drafts_by_expiry",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(discarded_at=None), name="submitted_bundle_is_not_discarded"
            ),
        )

    def __str__(self) -> str:
        return f"一件事申请{self.number}"

    @property
    def number(self) -> str:
        return f"Y{self.pk:08d}"


class BundleMaterial(models.Model):
    """A paper handed in once for every part that asks for it: a file, an original that was seen (`source`), or a commitment.

    One that was replaced stays, with the moment.
    """

    submission = models.ForeignKey(BundleSubmission, models.CASCADE, related_name="materials")
    proof = models.CharField("材料", max_length=300, help_text="as the proof dictionary calls it")
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", help_text="none where a commitment stands"
    )
    source = models.CharField("来源", max_length=300, blank=True, help_text="of what has no file and is no commitment")
    trust = models.CharField("可信等级", max_length=1, choices=MaterialTrust.choices, default=MaterialTrust.D)
    attached_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("submission_id", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "proof"), condition=Q(replaced_at=None), name="one_bundle_material_of_a_proof"
            ),
        )

    def __str__(self) -> str:
        return self.proof

    @property
    def is_commitment(self) -> bool:
        return self.file_id is None and not self.source


class BundlePart(models.Model):
    """One item of a submission: waiting for others, an application of its own, or never opened for a reason."""

    submission = models.ForeignKey(BundleSubmission, models.CASCADE, related_name="parts")
    key = models.CharField(max_length=31)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    waits_for = models.JSONField(default=list, help_text="keys of parts whose result comes first")
    application = models.OneToOneField(Application, models.PROTECT, null=True, blank=True, related_name="bundle_part")
    opened_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField("没有发起", null=True, blank=True)
    reason = models.CharField("没有发起的原因", max_length=500, blank=True)

    class Meta:
        ordering = ("submission_id", "position")
        indexes = (
            models.Index(
                fields=("submission",), condition=Q(opened_at=None, dropped_at=None), name="bundle_parts_waiting"
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("submission", "key"), name="one_bundle_part_of_a_key"),
            models.CheckConstraint(
                condition=Q(opened_at=None, application=None) | (Q(opened_at__isnull=False, application__isnull=False)),
                name="opened_part_has_application",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(dropped_at=None), name="bundle_part_opened_or_dropped"
            ),
            models.CheckConstraint(condition=Q(dropped_at=None) | ~Q(reason=""), name="dropped_part_says_why"),
        )

    def __str__(self) -> str:
        return str(self.item)

    @property
    def given_up(self) -> bool:
        """Tell whether its own draft was discarded, or expired, before it was submitted."""
        return self.application is not None and self.application.discarded_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.opened_at is None and self.dropped_at is None
