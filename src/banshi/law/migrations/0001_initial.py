import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Law",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(db_index=True, max_length=200, verbose_name="名称")),
                ("doc_no", models.CharField(blank=True, max_length=80, verbose_name="文号")),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("law", "法律"),
                            ("regulation", "行政法规"),
                            ("local_regulation", "地方性法规"),
                            ("rule", "规章"),
                            ("document", "规范性文件"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="层级",
                    ),
                ),
                ("issuer", models.CharField(blank=True, max_length=120, verbose_name="制定机关")),
                ("in_force_from", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                ("in_force_until", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="出处")),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="law.law",
                    ),
                ),
            ],
            options={
                "ordering": ("title",),
                "constraints": [
                    models.UniqueConstraint(fields=("title", "doc_no"), name="law_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_until", None),
                            ("in_force_from", None),
                            ("in_force_until__gte", models.F("in_force_from")),
                            _connector="OR",
                        ),
                        name="law_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, verbose_name="条款项")),
                ("text", models.TextField(blank=True, verbose_name="原文")),
                (
                    "law",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="articles", to="law.law"
                    ),
                ),
            ],
            options={
                "ordering": ("law_id", "id"),
                "constraints": [models.UniqueConstraint(fields=("law", "number"), name="article_once")],
            },
        ),
        migrations.CreateModel(
            name="LawChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("amended", "修改"), ("replaced", "由新法代替"), ("repealed", "废止")],
                        max_length=10,
                        verbose_name="变动",
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        help_text="from this day on the law is no longer as it was", verbose_name="变动日期"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "law",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="law.law"
                    ),
                ),
            ],
            options={
                "ordering": ("-day", "-id"),
                "constraints": [models.UniqueConstraint(fields=("law", "kind", "day"), name="law_change_once")],
            },
        ),
    ]
