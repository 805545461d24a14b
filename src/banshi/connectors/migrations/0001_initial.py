import django.db.models.deletion
from django.db import migrations, models

import banshi.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outlet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guid", models.UUIDField(default=banshi.core.ids.new_guid, editable=False, unique=True)),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(help_text="a key of connectors.kinds.KINDS", max_length=30, verbose_name="种类"),
                ),
                (
                    "place",
                    models.JSONField(
                        default=dict, help_text="the kind's Place; nothing secret", verbose_name="地址和设置"
                    ),
                ),
                (
                    "secrets_sealed",
                    models.BinaryField(default=bytes, help_text="the kind's Secrets, encrypted", verbose_name="密钥"),
                ),
                ("position", models.BigIntegerField(default=0, help_text="number of the last Change laid out")),
                (
                    "first_until",
                    models.BigIntegerField(
                        help_text="up to this Change only what still stands is sent", verbose_name="初始化到"
                    ),
                ),
                ("paused_at", models.DateTimeField(blank=True, null=True, verbose_name="暂停")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停用")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="连续失败")),
                ("trouble", models.CharField(blank=True, max_length=300, verbose_name="最近的故障")),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="下次再试")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="最近检查")),
                ("last_success_at", models.DateTimeField(blank=True, null=True, verbose_name="最近送达")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发送"),
                            ("delivered", "已送达"),
                            ("refused", "未送达"),
                            ("skipped", "已跳过"),
                            ("superseded", "已被代替"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "sent",
                    models.PositiveIntegerField(
                        default=0, help_text="counted before sending, so that a kill shows", verbose_name="发送次数"
                    ),
                ),
                (
                    "setbacks",
                    models.PositiveIntegerField(
                        default=0, help_text="of its own, not of the outlet being away", verbose_name="未成次数"
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="下次再试")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="原因")),
                ("receipt", models.CharField(blank=True, max_length=200, verbose_name="对方的编号")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="catalog.change"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.item"),
                ),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="connectors.outlet"
                    ),
                ),
            ],
            options={
                "ordering": ("outlet_id", "-change_id"),
                "indexes": [
                    models.Index(fields=["outlet", "state", "change"], name="delivery_by_state"),
                    models.Index(fields=["outlet", "item", "change"], name="delivery_by_item"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("outlet", "change"), name="delivery_once_per_outlet_and_change"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="delivery_settled_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("refused", "skipped")), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_not_made_has_reason",
                    ),
                ],
            },
        ),
    ]
