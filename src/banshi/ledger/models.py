"""Entries of the ledger, the blocks that seal them, signed anchors of blocks, and their time stamps."""

from django.db import models
from django.db.models import Q

from banshi.core.append_only import declare


class Block(models.Model):
    """A batch of entries sealed together, chained to the block before by its digest."""

    number = models.PositiveBigIntegerField(primary_key=True, help_text="1, 2, 3 … without gaps")
    previous = models.CharField(max_length=64, unique=True, help_text="no two blocks follow the same one")
    members = models.JSONField(help_text="numbers of its entries as ranges: [[12, 40], [43, 43]]")
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    root = models.CharField(  # noqa: DJ001  # a column that is empty is added to a table that refuses every change
        max_length=64, null=True, help_text="of the tree of its entries' digests; null in blocks that list them"
    )
    skips = models.JSONField(null=True, help_text="number and digest of blocks further back: [[16, …], [0, …]]")
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)


class LedgerEntry(models.Model):
    """One act, for good. Only the sealer's `block` is written later, once."""

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, help_text="who acted: user id, or system:<what>")
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=80, db_index=True, help_text="<app>.<action function>")
    subject = models.CharField(max_length=120, db_index=True, help_text="<app>.<Model>:<key>")
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, help_text="of everything above but the number")
    block = models.ForeignKey(Block, models.PROTECT, null=True, related_name="entries")

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("number",), condition=Q(block=None), name="entries_not_sealed"),)


class Anchor(models.Model):
    """The newest block as it was seen at a moment, signed, and also kept in a file outside the database."""

    serial = models.PositiveBigIntegerField(primary_key=True, help_text="1, 2, 3 … without gaps")
    block = models.PositiveBigIntegerField(help_text="its number")
    digest = models.CharField(max_length=64, help_text="the block's")
    at = models.CharField(max_length=40, help_text="ISO 8601, as signed")
    key = models.CharField(max_length=16, help_text="beginning of the public key's digest")
    signature = models.CharField(max_length=128, help_text="Ed25519, hex")

    class Meta:
        ordering = ("serial",)


class TimeStamp(models.Model):
    """Answer of a time-stamping authority outside the house for an anchor (RFC 3161)."""

    serial = models.PositiveBigIntegerField(primary_key=True, help_text="the anchor's")
    token = models.BinaryField(help_text="DER, as it came")
    at = models.DateTimeField(help_text="when we asked; the authority's own moment is in the token")

    class Meta:
        ordering = ("serial",)


declare(Block, "number", "previous")
declare(LedgerEntry, "number", once="block_id")
declare(Anchor, "serial")
declare(TimeStamp, "serial")
