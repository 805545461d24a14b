import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import banshi.registers.models
import banshi.workflow.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("people", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField()),
                ("name", models.CharField(max_length=300, verbose_name="机构名称")),
                (
                    "uscc",
                    models.CharField(
                        max_length=18, validators=[banshi.registers.models.valid_uscc], verbose_name="统一社会信用代码"
                    ),
                ),
                ("phone", models.CharField(max_length=60, verbose_name="业务电话")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="地址")),
                ("until", models.DateField(blank=True, null=True, verbose_name="登记有效期至")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="退出日期")),
                ("left_why", models.CharField(blank=True, max_length=300, verbose_name="退出原因")),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organ", "uscc"),
                        name="agency_registered_once",
                        violation_error_message="这个信用代码的机构已经登记过",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_on", None), ("left_why", "")),
                            models.Q(models.Q(("left_why", ""), _negated=True), ("left_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="agency_left_with_a_reason",
                        violation_error_message="退出要写明日期和原因",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntermediaryService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField()),
                ("name", models.CharField(max_length=300, verbose_name="中介服务名称")),
                ("approval", models.CharField(max_length=300, verbose_name="用于哪项审批")),
                (
                    "basis",
                    models.CharField(
                        help_text="法律、行政法规、国务院决定，写到条款", max_length=500, verbose_name="设定依据"
                    ),
                ),
                (
                    "payer",
                    models.CharField(
                        choices=[("applicant", "申请人自行委托"), ("office", "审批部门委托并付费")],
                        max_length=10,
                        verbose_name="由谁委托",
                    ),
                ),
                (
                    "fee_kind",
                    models.CharField(
                        choices=[
                            ("market", "市场调节价"),
                            ("guided", "政府指导价"),
                            ("fixed", "政府定价"),
                            ("free", "不收费"),
                        ],
                        max_length=10,
                        verbose_name="收费方式",
                    ),
                ),
                ("fee", models.CharField(blank=True, max_length=300, verbose_name="收费标准")),
                ("time_limit", models.CharField(max_length=100, verbose_name="服务时限")),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="服务成果")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="不再要求的日期")),
                ("ended_by", models.CharField(blank=True, max_length=300, verbose_name="清理文件")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.item",
                        verbose_name="对应的事项",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organ", "name", "approval"),
                        name="intermediary_service_once",
                        violation_error_message="这项审批的这个中介服务已经登记过",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by", ""), ("ended_on", None)),
                            models.Q(models.Q(("ended_by", ""), _negated=True), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="intermediary_service_ended_by_a_document",
                        violation_error_message="不再要求的，要写明日期和清理文件",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Power",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField()),
                (
                    "list",
                    models.CharField(
                        choices=[("power", "权力清单"), ("duty", "责任清单")],
                        default="power",
                        max_length=10,
                        verbose_name="清单",
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("00", "行政权力"),
                            ("01", "行政许可"),
                            ("02", "行政处罚"),
                            ("03", "行政强制"),
                            ("04", "行政征收"),
                            ("05", "行政给付"),
                            ("06", "行政检查"),
                            ("07", "行政确认"),
                            ("08", "行政奖励"),
                            ("09", "行政裁决"),
                            ("10", "其他行政权力"),
                        ],
                        default="00",
                        max_length=2,
                        verbose_name="类型",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=80, verbose_name="编码")),
                ("basis", models.TextField(blank=True, max_length=4000, verbose_name="依据")),
                ("duty", models.TextField(blank=True, max_length=4000, verbose_name="责任事项")),
                ("liability", models.TextField(blank=True, max_length=4000, verbose_name="追责情形")),
                ("cancelled_on", models.DateField(blank=True, null=True, verbose_name="取消日期")),
                ("cancel_document", models.CharField(blank=True, max_length=300, verbose_name="取消文件")),
                ("cancel_doc_no", models.CharField(blank=True, max_length=300, verbose_name="取消文件文号")),
                (
                    "instead",
                    models.CharField(
                        blank=True, help_text="what took its place, such as 备案", max_length=300, verbose_name="取消后"
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "abstract": False,
                "indexes": [models.Index(fields=["organ", "-id"], name="powers_of_organ")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organ", "list", "name"),
                        name="power_once_per_list",
                        violation_error_message="这个单位的这张清单里已有同名的一项",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancel_document", ""), ("cancelled_on", None)),
                            models.Q(
                                models.Q(("cancelled_on__isnull", False)),
                                models.Q(("cancel_document", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="power_cancelled_by_a_document",
                        violation_error_message="取消的权力要写明取消日期和取消文件",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField()),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("service", models.CharField(max_length=300, verbose_name="购买内容")),
                ("budget", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="预算（元）")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("open", "公开招标"),
                            ("invited", "邀请招标"),
                            ("negotiated", "竞争性谈判"),
                            ("consulted", "竞争性磋商"),
                            ("inquiry", "询价"),
                            ("single", "单一来源"),
                            ("framework", "框架协议"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="采购方式",
                    ),
                ),
                ("contractor", models.CharField(blank=True, max_length=300, verbose_name="承接主体")),
                (
                    "contractor_uscc",
                    models.CharField(
                        blank=True,
                        max_length=18,
                        validators=[banshi.registers.models.valid_uscc],
                        verbose_name="承接主体信用代码",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="合同金额（元）"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="catalog.item",
                        verbose_name="事项",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "abstract": False,
                "indexes": [models.Index(fields=["organ", "year", "-id"], name="purchases_of_organ")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organ", "item", "year", "service"),
                        name="purchase_planned_once",
                        violation_error_message="这一年的计划里已有这个事项的同一项购买内容",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("budget__gt", 0)),
                        name="purchase_has_a_budget",
                        violation_error_message="预算要大于0",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("contractor", ""), ("contractor_uscc", "")),
                            models.Q(
                                models.Q(("contractor", ""), _negated=True),
                                models.Q(("contractor_uscc", ""), _negated=True),
                                ("amount__isnull", False),
                                ("amount__lte", models.F("budget")),
                            ),
                            _connector="OR",
                        ),
                        name="contract_whole_and_within_budget",
                        violation_error_message="承接主体、信用代码和合同金额要一起填，合同金额不能超过预算",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferenceEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版次")),
                ("content", models.JSONField(default=dict, help_text="a Guide without its defaults")),
                ("document", models.CharField(max_length=300, verbose_name="印发文件")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="修改说明")),
                ("issued_at", models.DateTimeField(verbose_name="印发时间")),
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
                    "reference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="catalog.referenceitem"
                    ),
                ),
            ],
            options={
                "ordering": ("reference_id", "-number"),
                "constraints": [models.UniqueConstraint(fields=("reference", "number"), name="edition_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("qualification", models.CharField(max_length=300, verbose_name="资质")),
                ("until", models.DateField(blank=True, null=True, verbose_name="资质有效期至")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="registers.agency"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="registers.intermediaryservice",
                    ),
                ),
            ],
            options={
                "ordering": ("agency__name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "service"),
                        name="offered_once",
                        violation_error_message="这家机构已经登记了这项服务",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Divergence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("element", models.CharField(max_length=40, verbose_name="要素")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("at", models.DateTimeField()),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="divergences", to="catalog.item"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="divergences",
                        to="registers.referenceedition",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "edition", "element"), name="divergence_once_per_edition")
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claim", to="catalog.item"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="registers.referenceedition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="建议名称")),
                ("base_code", models.CharField(max_length=20, verbose_name="建议编码")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("state", models.CharField(default="open", help_text="a state of `flow`", max_length=20)),
                ("proposed_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="答复")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.category"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="catalog.item"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("flow", banshi.workflow.models.FlowField("proposal")),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("item",), name="one_open_proposal_per_item"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_answered_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField()),
                ("function", models.CharField(max_length=300, verbose_name="可转移的职能")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        default="proposed", help_text="a state of `flow`", max_length=20, verbose_name="状态"
                    ),
                ),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="编办意见")),
                ("document", models.CharField(blank=True, max_length=300, verbose_name="文件")),
                ("receiver", models.CharField(blank=True, max_length=300, verbose_name="承接组织")),
                (
                    "receiver_uscc",
                    models.CharField(
                        blank=True,
                        max_length=18,
                        validators=[banshi.registers.models.valid_uscc],
                        verbose_name="承接组织信用代码",
                    ),
                ),
                ("transferred_on", models.DateField(blank=True, null=True, verbose_name="转移日期")),
                ("ended_why", models.CharField(blank=True, max_length=500, verbose_name="收回或撤回的原因")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="catalog.item",
                        verbose_name="事项",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                        verbose_name="单位",
                    ),
                ),
                ("flow", banshi.workflow.models.FlowField("transfer")),
            ],
            options={
                "ordering": ("-id",),
                "abstract": False,
                "indexes": [models.Index(fields=["organ", "-id"], name="transfers_of_organ")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "function"),
                        name="function_listed_once",
                        violation_error_message="这个事项的这项职能已经列过",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "transferred"), _negated=True),
                            models.Q(
                                models.Q(("receiver", ""), _negated=True),
                                models.Q(("receiver_uscc", ""), _negated=True),
                                models.Q(("document", ""), _negated=True),
                                ("transferred_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transferred_to_somebody",
                        violation_error_message="登记转移要写明承接组织、信用代码、文件和日期",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("proposed", "withdrawn")),
                            models.Q(("opinion", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_examined_with_opinion",
                        violation_error_message="审核要写明编办意见",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalMove",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="registers.proposal"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TransferMove",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="registers.transfer"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
            },
        ),
    ]
