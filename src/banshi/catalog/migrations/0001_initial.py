import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import banshi.core.ids
import banshi.workflow.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("people", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                ("code", models.SlugField(max_length=30, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=30, unique=True, verbose_name="名称")),
                (
                    "icon",
                    models.CharField(
                        blank=True, help_text="a Bootstrap Icons name", max_length=40, verbose_name="图标"
                    ),
                ),
                ("hint", models.CharField(blank=True, max_length=120, verbose_name="说明")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ("position", "code"),
            },
        ),
        migrations.CreateModel(
            name="ReferenceItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base_code", models.CharField(max_length=20, unique=True, verbose_name="基本编码")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
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
                            ("20", "公共服务"),
                        ],
                        default="20",
                        max_length=2,
                        verbose_name="事项类型",
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=60, verbose_name="主管领域")),
                ("issued_by", models.CharField(blank=True, max_length=120, verbose_name="印发机关")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="出处")),
                ("is_example", models.BooleanField(default=False)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.category"
                    ),
                ),
            ],
            options={
                "ordering": ("base_code",),
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guid", models.UUIDField(default=banshi.core.ids.new_guid, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        help_text="of the newest revision or publication", max_length=300, verbose_name="事项名称"
                    ),
                ),
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
                            ("20", "公共服务"),
                        ],
                        default="20",
                        max_length=2,
                        verbose_name="事项类型",
                    ),
                ),
                ("kind_as_given", models.CharField(blank=True, max_length=40, verbose_name="原填事项类型")),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        help_text="as given, never changed silently",
                        max_length=80,
                        verbose_name="事项编码",
                    ),
                ),
                ("base_code", models.CharField(blank=True, db_index=True, max_length=20, verbose_name="基本编码")),
                (
                    "state",
                    models.CharField(
                        default="active", help_text="a state of `flow`", max_length=20, verbose_name="状态"
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="of the newest revision's guide", verbose_name="完整度"
                    ),
                ),
                (
                    "is_example",
                    models.BooleanField(
                        default=False, help_text="composed for demonstration, no real place's", verbose_name="示例"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=400, verbose_name="出处")),
                ("created_at", models.DateTimeField()),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="catalog.category",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="catalog.item",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="people.organ",
                        verbose_name="实施主体",
                    ),
                ),
                (
                    "split_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="split_into",
                        to="catalog.item",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="catalog.referenceitem",
                    ),
                ),
                ("flow", banshi.workflow.models.FlowField("item")),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["organ", "-id"], name="catalog_ite_organ_i_b87c3f_idx"),
                    models.Index(fields=["organ", "state", "-id"], name="catalog_ite_organ_i_388358_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                ("code", models.SlugField(max_length=30, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("audience", models.CharField(choices=[("person", "个人"), ("company", "法人")], max_length=10)),
                ("icon", models.CharField(blank=True, max_length=40, verbose_name="图标")),
                ("hint", models.CharField(blank=True, max_length=120, verbose_name="说明")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("items", models.ManyToManyField(blank=True, related_name="life_events", to="catalog.item")),
            ],
            options={
                "ordering": ("position", "code"),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("body", models.TextField(verbose_name="正文")),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
                ("is_example", models.BooleanField(default=False)),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notices",
                        to="catalog.item",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organ",
                        verbose_name="发布单位",
                    ),
                ),
            ],
            options={
                "ordering": ("-published_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="PublishedBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("path", models.CharField(default="bases", max_length=80)),
                ("title", models.CharField(db_index=True, max_length=300)),
                ("doc_no", models.CharField(blank=True, max_length=300)),
                ("articles", models.CharField(blank=True, max_length=300)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bases", to="catalog.item"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedMaterial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(db_index=True, max_length=300)),
                ("issuer", models.CharField(blank=True, max_length=300)),
                ("necessity", models.CharField(max_length=1)),
                ("shared", models.BooleanField()),
                ("commitment_ok", models.BooleanField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="materials", to="catalog.item"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=300)),
                ("kind", models.CharField(blank=True, max_length=10)),
                ("actor", models.CharField(blank=True, max_length=300)),
                ("group", models.CharField(blank=True, max_length=300)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="catalog.item"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField(default=dict, help_text="a Guide without its defaults")),
                (
                    "provenance",
                    models.JSONField(
                        help_text="element name → Provenance, * for all others", verbose_name="各要素的来源"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "审核中"),
                            ("returned", "被退回"),
                            ("published", "已公布"),
                            ("discarded", "已放弃"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "stamp",
                    models.PositiveIntegerField(
                        default=1, help_text="grows with each save; who saves names the one they saw"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="修改原因")),
                ("created_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="catalog.item"
                    ),
                ),
            ],
            options={
                "ordering": ("item_id", "-number"),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="revision_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "submitted"))),
                        fields=("item",),
                        name="one_open_draft_per_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("digest", ""), _negated=True),
                            ("state", "discarded"),
                            _connector="OR",
                        ),
                        name="published_revision_has_digest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guid", models.UUIDField(default=banshi.core.ids.new_guid, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(verbose_name="公布版本")),
                ("since", models.DateTimeField(verbose_name="生效")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="失效")),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("replaced", "被新版本替代"),
                            ("in_error", "公布有误，撤下"),
                            ("merged", "并入其他事项"),
                            ("withdrawn", "停止办理并公告"),
                            ("suspended", "暂停办理"),
                            ("cancelled", "事项取消"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ending_note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("approved_by", models.CharField(max_length=150, verbose_name="批准")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="公布说明")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="catalog.item"
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="catalog.revision"
                    ),
                ),
            ],
            options={
                "ordering": ("item_id", "-number"),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="publication_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("item",), name="one_publication_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="publication_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("until", None), ("ending", "")),
                            models.Q(("until__isnull", False), models.Q(("ending", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="publication_end_and_reason_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("batch", models.CharField(db_index=True, max_length=40, verbose_name="批次号")),
                (
                    "operation",
                    models.CharField(
                        choices=[("I", "新增"), ("U", "变更"), ("D", "撤下")], max_length=1, verbose_name="操作类型"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("guid", models.UUIDField(default=banshi.core.ids.new_guid, unique=True, verbose_name="GUID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="catalog.item"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.publication",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="catalog.item",
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("kind", models.CharField(max_length=2)),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "国家级"),
                            ("2", "省级"),
                            ("3", "市级"),
                            ("4", "县级"),
                            ("5", "乡镇(街道)级"),
                            ("6", "村(社区)级"),
                            ("7", "分级管理"),
                        ],
                        max_length=1,
                    ),
                ),
                ("for_person", models.BooleanField()),
                ("for_company", models.BooleanField()),
                ("online", models.BooleanField()),
                ("limit_words", models.CharField(blank=True, max_length=100)),
                ("fee_words", models.CharField(blank=True, max_length=100)),
                ("visits", models.PositiveSmallIntegerField(null=True)),
                ("has_guide", models.BooleanField(help_text="false: only the catalogue's line is known")),
                ("is_example", models.BooleanField()),
                (
                    "provenance",
                    models.CharField(
                        choices=[
                            ("office", "单位填报"),
                            ("page", "公开页面原文"),
                            ("matched", "整理者补充"),
                            ("composed", "编写的示例"),
                        ],
                        max_length=10,
                        verbose_name="资料来源",
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="catalog.category",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.division"
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.organ"),
                ),
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="listing", to="catalog.publication"
                    ),
                ),
            ],
            options={
                "ordering": ("item_id",),
                "indexes": [
                    models.Index(fields=["category", "-has_guide", "item"], name="catalog_lis_categor_881040_idx"),
                    models.Index(fields=["organ", "-has_guide", "item"], name="catalog_lis_organ_i_fa113d_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemMove",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="catalog.item"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
            },
        ),
    ]
