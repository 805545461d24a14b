"""Spreadsheets on their way in."""

from django.db import models

from banshi.catalog.models import Item
from banshi.core.models import StoredFile
from banshi.people.models import Division, User


class ImportBatch(models.Model):
    """One spreadsheet on its way in: previewed, its mapping corrected, then applied all or nothing."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "待确认"
        APPLIED = "applied", "已导入"
        DROPPED = "dropped", "已放弃"
        UNREADABLE = "unreadable", "读不出"
        UNDONE = "undone", "已撤销"

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.PREVIEWED)
    mapping = models.JSONField(default=dict, help_text="sheet, header rows, column → element; as chosen or corrected")
    counts = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)


class ImportedRow(models.Model):
    """One row of an applied import, with what became of it, and what was not placed in its guide. Never public."""

    class RowOutcome(models.TextChoices):
        NEW = "new", "新增事项"
        CHANGED = "changed", "修改草稿"
        SAME = "same", "没有变化"
        LEFT = "left", "没有导入"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    item = models.ForeignKey(Item, models.SET_NULL, null=True, related_name="imported_rows")
    sheet = models.CharField(max_length=255)
    number = models.PositiveIntegerField(help_text="the sheet's row, as people count")
    name = models.CharField(max_length=300)
    outcome = models.CharField(max_length=20, choices=RowOutcome.choices)
    unplaced = models.JSONField(default=list, help_text="[[header, text], …]")
    digest = models.CharField(max_length=64, blank=True, help_text="of the draft as the import left it")
    before = models.JSONField(null=True, help_text="the draft's content before, where the import changed one")

    class Meta:
        ordering = ("id",)
