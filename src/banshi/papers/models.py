"""Papers that were issued, their numbers, and what offices set for them: texts, seals."""

import json
from typing import Any

from django.db import models
from django.db.models import Q

from banshi.core.crypto import decrypt, encrypt
from banshi.core.models import StoredFile
from banshi.people.models import Organ, User


class PaperCounter(models.Model):
    """The last number given in a series of an organ's year. Its row is locked until the act that took one is committed."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organ", "series", "year"), name="one_counter_a_series"),)


class Letterhead(models.Model):
    """机关代字 of an organ's numbers and the picture of its seal."""

    organ = models.OneToOneField(Organ, models.PROTECT, related_name="letterhead")
    sign = models.CharField("机关代字", max_length=20, blank=True)
    seal = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="印章图")


class PaperTemplate(models.Model):
    """The text of a kind of paper as an office wrote it. The newest of its organ applies, else the newest of all, else ours."""

    organ = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=30)
    text = models.TextField("正文", blank=True, help_text="empty: ours again")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("kind", "organ", "-id"), name="paper_template_newest"),)


class Paper(models.Model):
    """文书: issued with its number and facts in the transaction of the act it tells of, printed after the commit."""

    PURPOSE = "papers.Paper"

    code = models.CharField("验证码", max_length=14, unique=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=30, help_text="a name in data/papers")
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField("文号", max_length=80)
    title = models.CharField(max_length=120)
    about = models.CharField("办件编号", max_length=40, blank=True, db_index=True)
    recipient_sealed = models.BinaryField()
    recipient_masked = models.CharField(max_length=120)
    facts_sealed = models.BinaryField()
    facts_digest = models.CharField(max_length=64)
    template = models.ForeignKey(PaperTemplate, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    print_error = models.CharField(max_length=300, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="empty: the software")
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("organ", "series", "year", "serial"), name="paper_number_given_once"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="paper_revoked_with_reason",
            ),
        )
        indexes = (models.Index(fields=("id",), condition=Q(file=None), name="paper_to_print"),)

    def __str__(self) -> str:
        return f"{self.number}《{self.title}》"

    @property
    def recipient(self) -> str:
        return decrypt(bytes(self.recipient_sealed), purpose=self.PURPOSE)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what stands on it, by the keys of data/papers/facts.toml."""
        opened: dict[str, Any] = json.loads(decrypt(bytes(self.facts_sealed), purpose=self.PURPOSE))
        return opened

    @classmethod
    def seal(cls, *, recipient: str, facts: str) -> dict[str, bytes]:
        """Return the sealed columns for a recipient and facts as JSON."""
        return {
            "recipient_sealed": encrypt(recipient, purpose=cls.PURPOSE),
            "facts_sealed": encrypt(facts, purpose=cls.PURPOSE),
        }
