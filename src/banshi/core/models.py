"""Rows every part stands on: stored files, cursors."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

from banshi.core.ids import new_guid


class StoredFile(models.Model):
    """A file somebody uploaded. Its bytes lie in the storage under its digest, encrypted under `sealed_as`.

    Its type is what its bytes say.
    """

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    organ_id = models.BigIntegerField(null=True, blank=True, help_text="people.Organ; no key, core knows no people")
    uploaded_by = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField()
    public = models.BooleanField(default=False)
    sealed_as = models.CharField(
        max_length=64, blank=True, help_text="place of the encrypted bytes (core.sealed_files)"
    )
    key_id = models.CharField(max_length=8, blank=True, help_text="the office's key that wraps the file's own")
    key_sealed = models.BinaryField(default=bytes)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("sealed_as",), condition=~Q(sealed_as=""), name="sealed_place_is_one_files"
            ),
            models.CheckConstraint(condition=Q(sealed_as="") | Q(public=False), name="public_file_is_not_sealed"),
        )


class Node(models.Model):
    """A serving or working process of this installation, alive while its heartbeat goes on."""

    class NodeKind(models.TextChoices):
        SITE = "site", "网站"
        WORKER = "worker", "后台任务"

    name = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=10, choices=NodeKind.choices)
    host = models.CharField(max_length=80)
    pid = models.PositiveIntegerField()
    home = models.CharField(max_length=300, help_text="its data folder")
    version = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="last heartbeat, in the database's time")

    class Meta:
        ordering = ("host", "kind", "pid")


class Lease(models.Model):
    """A lock that expires unless renewed. `token` grows with each taking and release (fencing token)."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=80, blank=True)
    token = models.BigIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(default=datetime(1970, 1, 1, tzinfo=UTC))

    class Meta:
        ordering = ("name",)


class Cursor(models.Model):
    """The position of a reader in an append-only table (outbox)."""

    reader = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)
