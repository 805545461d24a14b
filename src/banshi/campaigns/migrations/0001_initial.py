import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import banshi.core.ids
import banshi.workflow.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("core", "0001_initial"),
        ("people", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guid", models.UUIDField(default=banshi.core.ids.new_guid, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("content", models.JSONField(help_text="a campaigns.plan.Plan")),
                (
                    "state",
                    models.CharField(
                        default="preparing", help_text="a state of `flow`", max_length=20, verbose_name="状态"
                    ),
                ),
                (
                    "publish_on",
                    models.DateField(
                        blank=True,
                        help_text="decided items are published on this day",
                        null=True,
                        verbose_name="公布日期",
                    ),
                ),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField()),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.division",
                        verbose_name="范围",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="people.organ",
                        verbose_name="组织单位",
                    ),
                ),
                ("flow", banshi.workflow.models.FlowField("campaign")),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="期号")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("content", models.JSONField(help_text="figures, ranking, problems as they stood")),
                ("opening", models.TextField(blank=True, verbose_name="按语")),
                ("issued_by", models.CharField(blank=True, max_length=150, verbose_name="签发")),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bulletins", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [models.UniqueConstraint(fields=("campaign", "number"), name="bulletin_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("body", models.TextField(verbose_name="说明")),
                ("opens", models.DateField(verbose_name="起")),
                ("closes", models.DateField(verbose_name="止")),
                ("summary", models.TextField(blank=True, verbose_name="意见采纳情况")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consultation",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes__gte", models.F("opens"))), name="consultation_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None), models.Q(("summary", ""), _negated=True), _connector="OR"
                        ),
                        name="closed_consultation_sums_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("meeting", models.CharField(max_length=120, verbose_name="会议")),
                ("held_on", models.DateField(verbose_name="日期")),
                ("doc_no", models.CharField(blank=True, max_length=80, verbose_name="文号")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="campaigns.campaign"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", models.CharField(max_length=40, verbose_name="批次")),
                ("leader", models.CharField(blank=True, max_length=60, verbose_name="分管领导")),
                ("section", models.CharField(blank=True, max_length=60, verbose_name="牵头科室")),
                ("clerk", models.CharField(blank=True, max_length=60, verbose_name="经办人员")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("named_at", models.DateTimeField(blank=True, null=True)),
                ("progress", models.TextField(blank=True, verbose_name="工作进展")),
                ("problems", models.TextField(blank=True, verbose_name="存在问题")),
                ("suggestions", models.TextField(blank=True, verbose_name="工作建议")),
                ("reported_round", models.PositiveSmallIntegerField(default=0, verbose_name="已报到第几轮")),
                (
                    "returns_told_at",
                    models.DateTimeField(
                        blank=True, help_text="until when the unit was told by mail what was returned to it", null=True
                    ),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="退出本次清理")),
                ("left_reason", models.CharField(blank=True, max_length=300, verbose_name="退出的原因")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participations", to="people.organ"
                    ),
                ),
            ],
            options={
                "ordering": ("organ_id",),
                "indexes": [
                    models.Index(fields=["campaign", "batch", "reported_round"], name="campaigns_p_campaig_f8875c_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "organ"), name="participation_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_at", None), ("left_reason", "")),
                            models.Q(("left_at__isnull", False), models.Q(("left_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="unit_that_left_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("named_at", None),
                            models.Q(
                                models.Q(("leader", ""), _negated=True),
                                models.Q(("section", ""), _negated=True),
                                models.Q(("clerk", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="named_units_name_all_three",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="原因")),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recusals", to="campaigns.campaign"
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organ"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [models.UniqueConstraint(fields=("campaign", "user", "organ"), name="recusal_once")],
            },
        ),
        migrations.CreateModel(
            name="ReviewBody",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bodies", to="campaigns.campaign"
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_bodies",
                        to="people.organ",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [models.UniqueConstraint(fields=("campaign", "code"), name="review_body_once")],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phase", models.CharField(max_length=40)),
                ("batch", models.CharField(blank=True, max_length=40)),
                ("begins", models.DateField(verbose_name="起")),
                ("ends", models.DateField(verbose_name="止")),
                ("reminded_on", models.DateField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stages", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ("begins", "ends", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "phase", "batch"), name="stage_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gte", models.F("begins"))), name="stage_ends_after_it_begins"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guid", models.UUIDField(default=banshi.core.ids.new_guid, editable=False, unique=True)),
                ("batch", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        default="preparing", help_text="a state of `flow`", max_length=20, verbose_name="状态"
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="of the newest report; 0: not reported yet", verbose_name="轮次"
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("keep", "保留"),
                            ("change", "修改"),
                            ("merge", "合并"),
                            ("split", "拆分"),
                            ("cancel", "取消"),
                            ("delegate", "下放"),
                            ("transfer", "转移"),
                        ],
                        default="keep",
                        max_length=10,
                        verbose_name="单位处置意见",
                    ),
                ),
                ("disposition_note", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                (
                    "lead",
                    models.CharField(
                        blank=True, help_text="a body of the plan", max_length=40, verbose_name="牵头审核单位"
                    ),
                ),
                ("waiting", models.PositiveSmallIntegerField(default=0, verbose_name="还差几家意见")),
                (
                    "final",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "保留"),
                            ("change", "修改"),
                            ("merge", "合并"),
                            ("split", "拆分"),
                            ("cancel", "取消"),
                            ("delegate", "下放"),
                            ("transfer", "转移"),
                        ],
                        max_length=10,
                        verbose_name="审定结果",
                    ),
                ),
                ("final_note", models.CharField(blank=True, max_length=500, verbose_name="审定说明")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="campaigns.campaign"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="campaigns.decision",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="catalog.item"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.publication",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.item",
                        verbose_name="并入的事项",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        blank=True,
                        help_text="as reported in this round",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.revision",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="campaigns.participation",
                    ),
                ),
                ("flow", banshi.workflow.models.FlowField("entry")),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["campaign", "batch", "state"], name="campaigns_e_campaig_8dbb90_idx"),
                    models.Index(fields=["campaign", "state", "lead", "id"], name="campaigns_e_campaig_e1e6ef_idx"),
                    models.Index(
                        condition=models.Q(("state", "reviewing"), ("waiting", 0)),
                        fields=["campaign", "lead"],
                        name="entries_to_sum_up",
                    ),
                    models.Index(fields=["participation", "state"], name="campaigns_e_partici_3271c9_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "item"), name="entry_once_in_a_campaign"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", None), ("final", "")),
                            models.Q(("decision__isnull", False), models.Q(("final", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="decision_and_result_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("round", 0), ("text__isnull", False), _connector="OR"),
                        name="reported_entry_has_its_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotedRuling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("keep", "保留"),
                            ("change", "修改"),
                            ("merge", "合并"),
                            ("split", "拆分"),
                            ("cancel", "取消"),
                            ("delegate", "下放"),
                            ("transfer", "转移"),
                        ],
                        max_length=10,
                        verbose_name="审定结果",
                    ),
                ),
                ("admitted", models.BooleanField(verbose_name="列入")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="noted", to="campaigns.entry"
                    ),
                ),
            ],
            options={
                "ordering": ("entry_id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("admitted", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="who_is_not_admitted_is_told_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="整改要求")),
                ("due", models.DateField(verbose_name="期限")),
                ("answer", models.TextField(blank=True, verbose_name="整改情况")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_note", models.CharField(blank=True, max_length=300, verbose_name="销号意见")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "bulletin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="orders",
                        to="campaigns.bulletin",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="orders", to="campaigns.participation"
                    ),
                ),
            ],
            options={
                "ordering": ("due", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_note", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="closed_order_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                ("at", models.DateTimeField()),
                (
                    "reference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.referenceitem"
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="campaigns.participation",
                    ),
                ),
            ],
            options={
                "ordering": ("reference_id",),
                "constraints": [
                    models.UniqueConstraint(fields=("participation", "reference"), name="absence_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="absence_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("items", models.PositiveIntegerField(verbose_name="事项数")),
                (
                    "summary",
                    models.JSONField(help_text="progress, problems, suggestions, figures", verbose_name="工作小结"),
                ),
                ("digest", models.CharField(max_length=64)),
                ("late_days", models.PositiveSmallIntegerField(default=0, verbose_name="迟报工作日")),
                ("signed_at", models.DateTimeField()),
                ("recalled_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回")),
                ("copies", models.PositiveSmallIntegerField(default=0, verbose_name="收到纸质件份数")),
                ("copies_by", models.CharField(blank=True, max_length=60, verbose_name="收件人")),
                ("copies_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="campaigns.participation",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(fields=("participation", "number"), name="report_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("copies", 0), ("copies_at", None), ("copies_by", "")),
                            models.Q(
                                ("copies__gt", 0),
                                ("copies_at__isnull", False),
                                models.Q(("copies_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_copies_have_a_receipt",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=60, verbose_name="组名")),
                ("division_prefix", models.CharField(blank=True, max_length=12, verbose_name="片：区划代码开头")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="campaigns.reviewbody"
                    ),
                ),
                ("members", models.ManyToManyField(related_name="review_groups", to=settings.AUTH_USER_MODEL)),
                (
                    "superior",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                        verbose_name="条：上级主管",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.TextField(verbose_name="争议问题")),
                ("raised_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("as_unit", "按上报单位意见"), ("as_body", "按审核单位意见修改")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("minutes", models.TextField(blank=True, verbose_name="会议纪要")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="会议日期")),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="disputes", to="campaigns.entry"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)), fields=("entry",), name="one_open_dispute"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_on", None), ("outcome", ""), ("settled_at", None)),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("minutes", ""), _negated=True),
                                ("settled_at__isnull", False),
                                ("held_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="settled_dispute_has_minutes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000, verbose_name="意见")),
                ("contact_sealed", models.BinaryField(default=bytes)),
                ("receipt", models.CharField(max_length=20, unique=True, verbose_name="回执号")),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "待处理"), ("shown", "已公开"), ("hidden", "不公开")],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("hidden_reason", models.CharField(blank=True, max_length=300, verbose_name="不公开的原因")),
                ("accepted", models.BooleanField(null=True, verbose_name="采纳")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("answered_by", models.CharField(blank=True, max_length=150)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="campaigns.consultation",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="campaigns.entry",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted", None), ("answer", ""), ("answered_at", None), ("answered_by", "")),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                models.Q(("answered_by", ""), _negated=True),
                                ("accepted__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answer_has_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "hidden"), _negated=True),
                            models.Q(("hidden_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hidden_comment_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("office", models.CharField(blank=True, max_length=120, verbose_name="单位、职务")),
                ("phone_sealed", models.BinaryField(default=bytes)),
                (
                    "token_index",
                    models.CharField(help_text="blind index of the link's secret", max_length=64, unique=True),
                ),
                ("until", models.DateField(verbose_name="有效期至")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("conflict", models.CharField(blank=True, max_length=300, verbose_name="利益关系申报")),
                ("declared_at", models.DateTimeField(blank=True, null=True, verbose_name="作出申报")),
                ("entries", models.ManyToManyField(related_name="invitations", to="campaigns.entry")),
                (
                    "ties",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="people.organ", verbose_name="有利害关系的单位"
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="campaigns.reviewbody",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Summing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "conclusion",
                    models.CharField(
                        choices=[("pass", "审核通过"), ("return", "退回修改"), ("dispute", "提交联席会议")],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("keep", "保留"),
                            ("change", "修改"),
                            ("merge", "合并"),
                            ("split", "拆分"),
                            ("cancel", "取消"),
                            ("delegate", "下放"),
                            ("transfer", "转移"),
                        ],
                        max_length=10,
                        verbose_name="处置意见",
                    ),
                ),
                (
                    "asks",
                    models.JSONField(default=list, help_text="sentences, one demand each", verbose_name="修改意见清单"),
                ),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.reviewbody"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="summings", to="campaigns.entry"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["entry", "round"], name="campaigns_s_entry_i_cc6c16_idx")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("agree", "同意"), ("change", "需修改"), ("oppose", "不同意")],
                        max_length=10,
                        verbose_name="意见",
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "保留"),
                            ("change", "修改"),
                            ("merge", "合并"),
                            ("split", "拆分"),
                            ("cancel", "取消"),
                            ("delegate", "下放"),
                            ("transfer", "转移"),
                        ],
                        max_length=10,
                        verbose_name="处置意见",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                ("digest", models.CharField(blank=True, help_text="of the text that was read", max_length=64)),
                ("given_by", models.CharField(blank=True, max_length=150, verbose_name="提出人")),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                (
                    "set_aside",
                    models.CharField(
                        blank=True, help_text="concluded without it, why", max_length=300, verbose_name="未提意见的原因"
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="campaigns.entry"
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        help_text="of an outside expert",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="campaigns.invitation",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="campaigns.reviewbody"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("set_aside", ""), ("verdict", "")),
                        fields=["body", "id"],
                        name="reviews_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("invitation", None)),
                        fields=("entry", "body", "round"),
                        name="one_review_of_a_body_in_a_round",
                    ),
                    models.UniqueConstraint(
                        fields=("entry", "round", "invitation"), name="one_review_of_an_expert_in_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at__isnull", True), ("claimed_by__isnull", True)),
                            models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="claim_has_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest", ""), ("given_at", None), ("given_by", ""), ("verdict", "")),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("given_at__isnull", False),
                                models.Q(("given_by", ""), _negated=True),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="given_review_has_who_when_and_what_was_read",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criterion", models.CharField(max_length=40)),
                ("agrees", models.BooleanField(verbose_name="符合")),
                ("text", models.TextField(blank=True, verbose_name="意见")),
                ("path", models.CharField(blank=True, max_length=200, verbose_name="要素")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="campaigns.review"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("review", "criterion"), name="one_answer_to_a_criterion"),
                    models.CheckConstraint(
                        condition=models.Q(("agrees", True), models.Q(("text", ""), _negated=True), _connector="OR"),
                        name="disagreement_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignMove",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EntryMove",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="campaigns.entry"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
            },
        ),
    ]
