"""Rows every part stands on: stored files, cursors."""

from django.db import models

from banshi.core.ids import new_guid


class Meta:
    ordering = ("number",)


class StoredFile(models.Model):
    """A file somebody uploaded; its bytes lie in MEDIA_ROOT under its digest, its type is what its bytes say."""

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


class Cursor(models.Model):
    """How far a reader of an append-only table (outbox) has come."""

    reader = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)
