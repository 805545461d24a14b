import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("core", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Examination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(help_text="in words: 全部单位, 示例县教育局", max_length=300, verbose_name="范围"),
                ),
                ("organs", models.JSONField(default=list, help_text="ids of the organs whose items are examined")),
                ("rulebook", models.CharField(help_text="digest of rules, word lists and laws", max_length=64)),
                ("task", models.CharField(blank=True, help_text="key of its background task", max_length=64)),
                ("items", models.PositiveIntegerField(default=0, verbose_name="事项数")),
                (
                    "examined",
                    models.PositiveIntegerField(default=0, help_text="texts read; the others had not changed"),
                ),
                ("counts", models.JSONField(default=dict)),
                ("by", models.CharField(max_length=150)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("finished_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="examination_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExaminedRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mark",
                    models.CharField(
                        help_text="digest of the text, of what is known around it and of the rules", max_length=64
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="examined", to="catalog.revision"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProofKept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300, verbose_name="证明名称")),
                ("issuer", models.CharField(max_length=300, verbose_name="出具单位")),
                ("purpose", models.CharField(blank=True, max_length=300, verbose_name="用途")),
                ("basis_title", models.CharField(max_length=300, verbose_name="依据名称")),
                ("basis_doc_no", models.CharField(blank=True, max_length=300, verbose_name="文号")),
                ("basis_articles", models.CharField(max_length=300, verbose_name="条款项")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs_kept",
                        to="catalog.item",
                        verbose_name="用于事项",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("issuer", ""), _negated=True),
                            models.Q(("basis_title", ""), _negated=True),
                            models.Q(("basis_articles", ""), _negated=True),
                        ),
                        name="proof_kept_has_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="proof_kept_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("item", "name"), name="proof_kept_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Retention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=10, verbose_name="规则")),
                ("place", models.CharField(help_text="digest of the element and what it says there", max_length=64)),
                ("quote", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("basis_title", models.CharField(max_length=300, verbose_name="依据名称")),
                ("basis_doc_no", models.CharField(blank=True, max_length=300, verbose_name="文号")),
                ("basis_articles", models.CharField(max_length=300, verbose_name="条款项")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "ended_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="retentions", to="catalog.item"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("basis_title", ""), _negated=True),
                            models.Q(("basis_articles", ""), _negated=True),
                        ),
                        name="retention_has_reason_and_basis",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("item", "rule", "place"),
                        name="retained_once_at_a_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YearlyVolume",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("count", models.PositiveIntegerField(verbose_name="件数")),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="yearly_volume", to="catalog.item"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CommitmentForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("material", models.CharField(max_length=300, verbose_name="证明名称")),
                ("basis_title", models.CharField(max_length=300, verbose_name="设定依据")),
                ("basis_doc_no", models.CharField(blank=True, max_length=300, verbose_name="文号")),
                ("basis_articles", models.CharField(max_length=300, verbose_name="条款项")),
                ("content", models.TextField(max_length=2000, verbose_name="证明内容")),
                ("way", models.CharField(max_length=300, verbose_name="承诺方式")),
                ("liability", models.TextField(max_length=2000, verbose_name="不实承诺的责任")),
                ("verification", models.TextField(max_length=2000, verbose_name="核查权力")),
                ("check_share", models.PositiveSmallIntegerField(help_text="percent", verbose_name="抽查比例")),
                ("check_days", models.PositiveSmallIntegerField(help_text="working days", verbose_name="核查时限")),
                ("check_method", models.CharField(max_length=300, verbose_name="核查方式")),
                ("check_by", models.CharField(max_length=300, verbose_name="核查人")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to="catalog.item"
                    ),
                ),
            ],
            options={
                "ordering": ("material", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "material"), name="commitment_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("material", ""), _negated=True),
                            models.Q(("basis_title", ""), _negated=True),
                            models.Q(("basis_articles", ""), _negated=True),
                            models.Q(("content", ""), _negated=True),
                            models.Q(("way", ""), _negated=True),
                            models.Q(("liability", ""), _negated=True),
                            models.Q(("verification", ""), _negated=True),
                            models.Q(("check_method", ""), _negated=True),
                            models.Q(("check_by", ""), _negated=True),
                        ),
                        name="commitment_has_every_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("check_days__gte", 1), ("check_share__gte", 1), ("check_share__lte", 100)),
                        name="commitment_is_checked_afterwards",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000, verbose_name="意见")),
                ("contact_kind", models.CharField(blank=True, max_length=10, verbose_name="联系方式")),
                ("contact_sealed", models.BinaryField(default=bytes)),
                ("contact_masked", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="答复")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("public", models.BooleanField(default=False, verbose_name="公开")),
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
                    "proof",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="objections", to="rulebook.proofkept"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(condition=models.Q(("answered_at", None)), fields=["proof"], name="objections_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True)), name="objection_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None), ("public", False)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="objection_answered_wholly_or_not",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("opinions", "公开征求意见"), ("review", "论证"), ("hearing", "听证")],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="日期")),
                ("who", models.CharField(max_length=500, verbose_name="参加人")),
                ("conclusion", models.TextField(max_length=2000, verbose_name="结论")),
                ("at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hearings", to="rulebook.proofkept"
                    ),
                ),
            ],
            options={
                "ordering": ("held_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("who", ""), _negated=True), models.Q(("conclusion", ""), _negated=True)
                        ),
                        name="hearing_says_who_and_what",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FlawFound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "newest",
                    models.BooleanField(help_text="in the text people go on with: the draft, or else what is in force"),
                ),
                ("in_force", models.BooleanField(help_text="in the text the public reads")),
                ("rule", models.CharField(max_length=10, verbose_name="规则")),
                (
                    "severity",
                    models.CharField(
                        choices=[("must", "必改"), ("should", "应改"), ("hint", "提示")],
                        max_length=10,
                        verbose_name="轻重",
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(help_text="of the severity, heaviest 0")),
                ("path", models.CharField(max_length=200)),
                ("place", models.CharField(max_length=64)),
                ("quote", models.CharField(blank=True, max_length=300)),
                ("message", models.TextField()),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("complete", "补全"),
                            ("correct", "改正"),
                            ("remove", "取消"),
                            ("share", "改为部门共享"),
                            ("commit", "改为告知承诺"),
                            ("reduce", "精简"),
                            ("justify", "说明理由和依据"),
                            ("explain", "核实"),
                        ],
                        max_length=10,
                        verbose_name="处置意见",
                    ),
                ),
                ("rewrite", models.JSONField(help_text='{"path", "value"}', null=True)),
                (
                    "examined",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flaws",
                        to="rulebook.examinedrevision",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="flaws", to="catalog.item"
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.organ"),
                ),
                (
                    "retention",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="flaws",
                        to="rulebook.retention",
                    ),
                ),
            ],
            options={
                "ordering": ("weight", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("newest", True)), fields=["organ", "weight", "id"], name="flaws_of_an_organ"
                    ),
                    models.Index(
                        condition=models.Q(("in_force", True)), fields=["rule"], name="flaws_in_force_by_rule"
                    ),
                ],
            },
        ),
    ]
