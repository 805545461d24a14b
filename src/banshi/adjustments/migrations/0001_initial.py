import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import banshi.workflow.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("core", "0001_initial"),
        ("law", "0001_initial"),
        ("people", "0001_initial"),
        ("people", "__first__"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("add", "新增"),
                            ("change", "变更"),
                            ("suspend", "暂停"),
                            ("resume", "恢复"),
                            ("cancel", "取消"),
                            ("merge", "并入"),
                        ],
                        max_length=10,
                        verbose_name="调整",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        default="prepared", help_text="a state of `flow`", max_length=20, verbose_name="状态"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("law", "法律法规规章制定、修改、废止"),
                            ("duty", "机构职能调整"),
                            ("above", "上级取消、下放、调整目录"),
                            ("service", "优化服务，方便群众"),
                            ("fact", "电话、地址等情况变化"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="事由",
                    ),
                ),
                ("cause_day", models.DateField(verbose_name="事由发生日期")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("urgent", models.BooleanField(default=False, verbose_name="加急")),
                (
                    "due",
                    models.DateField(
                        blank=True,
                        help_text="of the present state; None when nothing is left to do",
                        null=True,
                        verbose_name="期限",
                    ),
                ),
                ("reminded_on", models.DateField(blank=True, help_text="of the present state's last day", null=True)),
                ("created_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "examiner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="catalog.item"
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.item",
                        verbose_name="并入哪个事项",
                    ),
                ),
                (
                    "law_change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="law.lawchange",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="catalog.revision",
                    ),
                ),
                ("flow", banshi.workflow.models.FlowField("adjustment")),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["state", "due"], name="adjustments_state_e2ee8c_idx"),
                    models.Index(fields=["examiner", "state"], name="adjustments_examine_440427_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ("prepared", "examining", "second", "returned", "approved", "checking"))
                        ),
                        fields=("item",),
                        name="one_open_adjustment_per_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("prepared", "examining", "second", "returned", "approved", "checking")),
                            ("due", None),
                            _connector="OR",
                        ),
                        name="nothing_is_due_when_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("into__isnull", False), ("kind", "merge")),
                            models.Q(models.Q(("kind", "merge"), _negated=True), ("into", None)),
                            _connector="OR",
                        ),
                        name="only_a_merger_names_another_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("applied_at", None), ("examiner__isnull", False), _connector="OR"),
                        name="applied_adjustment_has_examiner",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExaminingOffice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "office",
                    models.CharField(
                        choices=[("establishment", "编办"), ("legal", "法制审核单位"), ("administration", "审管办")],
                        max_length=20,
                        verbose_name="职能",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examining_offices",
                        to="people.division",
                        verbose_name="区划",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="people.organ",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "ordering": ("division_id", "office"),
                "constraints": [
                    models.UniqueConstraint(fields=("division", "office"), name="office_once_per_division")
                ],
            },
        ),
        migrations.CreateModel(
            name="AdjustmentOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("agree", "同意"),
                            ("return", "退回修改"),
                            ("refuse", "不予调整"),
                            ("confirm", "核对无误"),
                            ("undo", "核对不符"),
                        ],
                        max_length=10,
                        verbose_name="意见",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                (
                    "seen",
                    models.CharField(help_text="digest of the text examined, or of what was in force", max_length=64),
                ),
                ("at", models.DateTimeField()),
                (
                    "adjustment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="adjustments.adjustment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organ"),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="AdjustmentMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30)),
                ("source", models.CharField(max_length=30)),
                ("to", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=150)),
                ("actor_name", models.CharField(max_length=150)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="adjustments.adjustment"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
            },
        ),
    ]
