"""Laws, regulations and documents that items rest on."""

from datetime import date

from django.db import models
from django.db.models import Q

from banshi.people.models import User


class Law(models.Model):
    """A law or document. Its successive texts are its versions. A law that takes its place is another row."""

    class Rank(models.TextChoices):
        LAW = "law", "法律"
        REGULATION = "regulation", "行政法规"
        LOCAL_REGULATION = "local_regulation", "地方性法规"
        RULE = "rule", "规章"
        DOCUMENT = "document", "规范性文件"
        OTHER = "other", "其他"

    title = models.CharField("名称", max_length=200, db_index=True)
    doc_no = models.CharField("文号", max_length=80, blank=True)
    rank = models.CharField("层级", max_length=20, choices=Rank.choices)
    issuer = models.CharField("制定机关", max_length=120, blank=True)
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    in_force_until = models.DateField("失效日期", null=True, blank=True)
    ended = models.BooleanField("已废止，日期不详", default=False)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    source = models.CharField("出处", max_length=300, blank=True)

    class Meta:
        ordering = ("title",)
        constraints = (
            models.UniqueConstraint(fields=("title", "doc_no"), name="law_once"),
            models.CheckConstraint(
                condition=Q(in_force_until=None)
                | Q(in_force_from=None)
                | Q(in_force_until__gte=models.F("in_force_from")),
                name="law_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"《{self.title}》" + (f"（{self.doc_no}）" if self.doc_no else "")


class LawVersion(models.Model):
    """One text of a law, in force from its own day until the next one's."""

    law = models.ForeignKey(Law, models.CASCADE, related_name="versions")
    promulgated = models.DateField("公布日期", null=True, blank=True)
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    doc_no = models.CharField("文号", max_length=80, blank=True)
    article_count = models.PositiveSmallIntegerField("条数", default=0, help_text="0: not known")
    register_id = models.CharField("国家法律法规数据库编号", max_length=60, blank=True)
    source = models.CharField("出处", max_length=300, blank=True)

    class Meta:
        ordering = ("law_id", "in_force_from", "promulgated", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("law", "promulgated", "in_force_from"), name="law_version_once", nulls_distinct=False
            ),
        )

    @property
    def since(self) -> date | None:
        return self.in_force_from or self.promulgated


class Article(models.Model):
    """One article (条) of one text of a law, in its own words."""

    version = models.ForeignKey(LawVersion, models.CASCADE, related_name="texts")
    number = models.CharField("条款项", max_length=60)
    text = models.TextField("原文", blank=True)

    class Meta:
        ordering = ("version_id", "id")
        constraints = (models.UniqueConstraint(fields=("version", "number"), name="article_once"),)


class LawChange(models.Model):
    """法规变动: a law amended, replaced, repealed, or overtaken by another whose effect on it is not settled."""

    class ChangeKind(models.TextChoices):
        AMENDED = "amended", "修改"
        REPLACED = "replaced", "由新法代替"
        REPEALED = "repealed", "废止"
        SUPERSEDED = "superseded", "另有新法，是否废止待核"

    ENDING = (ChangeKind.REPLACED, ChangeKind.REPEALED)

    law = models.ForeignKey(Law, models.PROTECT, related_name="changes")
    kind = models.CharField("变动", max_length=12, choices=ChangeKind.choices)
    day = models.DateField("变动日期", help_text="from this day on the law is no longer as it was")
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-id")
        constraints = (models.UniqueConstraint(fields=("law", "kind", "day"), name="law_change_once"),)

    def __str__(self) -> str:
        by = f"《{self.law.replaced_by.title}》" if self.law.replaced_by else "新法"
        words = {"amended": "修改", "replaced": f"由{by}代替", "repealed": "废止", "superseded": f"应对照{by}"}[
            self.kind
        ]
        return f"{self.law}自{self.day:%Y}年{self.day.month}月{self.day.day}日起{words}"
