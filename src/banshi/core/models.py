"""Rows every part stands on: stored files, cursors."""

from datetime import UTC, datetime

from django.db import models

from banshi.core.ids import new_guid


class StoredFile(models.Model):
    """A file somebody uploaded. Its bytes lie in MEDIA_ROOT under its digest, its type is what its bytes say."""

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
