"""Findings of supervision, orders about them, the standing of rules, monthly counts, and what was issued of them."""

from django.db import models
from django.db.models import Q

from banshi.cases.models import Case, Promise
from banshi.catalog.models import Item, Publication
from banshi.core.models import StoredFile
from banshi.papers.models import Paper
from banshi.people.models import Organ, User
from banshi.supervision.lights import Light
from banshi.window.models import Counter
from banshi.workflow.models import FlowField, MoveRecord


class RuleStanding(models.Model):
    """Since when a rule examines, and whether it fails. `failed_after` is the last event before what it owes."""

    code = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64, help_text="of the rule as it was examined by last")
    known_at = models.DateTimeField()
    looked_back_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failed_after = models.BigIntegerField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(failed_at=None, failed_after=None) | Q(failed_at__isnull=False, failed_after__isnull=False),
                name="rule_owes_what_it_failed",
            ),
        )

    def __str__(self) -> str:
        return self.code


class IndicatorStanding(models.Model):
    """Since when an indicator is as it is: `known_at` is null for those there from the beginning."""

    code = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64)
    known_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("code",)


class Irregularity(models.Model):
    """监察发现的问题: a rule met by an event, or by a clock whose due rank or day it keeps. Unique by rule, subject and mark."""

    rule = models.CharField("规则", max_length=60)
    level = models.CharField("等级", max_length=10, choices=Light.choices)
    subject = models.CharField(max_length=120, help_text="as in the ledger: cases.Case:12")
    mark = models.CharField(max_length=60, help_text="number of the event, or level and due rank of the clock")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="irregularities", db_index=False)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="irregularities", verbose_name="单位", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    answerer = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复单位"
    )
    happened_at = models.DateTimeField("发生时间")
    found_at = models.DateTimeField("发现时间")
    retrospective = models.BooleanField("追溯", default=False, help_text="happened before its rule was known")
    state = models.CharField("状态", max_length=20, default="found")
    flow = FlowField("irregularity")
    due_rank = models.IntegerField(null=True, blank=True)
    due_day = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("rule", "subject", "mark"), name="irregularity_once"),
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(answerer__isnull=False), name="ordered_irregularity_has_answerer"
            ),
        )
        indexes = (
            models.Index(fields=("organ", "state", "-id")),
            models.Index(fields=("state", "-id")),
            models.Index(fields=("case", "rule")),
            models.Index(fields=("organ", "happened_at")),
        )

    def __str__(self) -> str:
        return f"问题{self.pk}"


class IrregularityMove(MoveRecord):
    subject = models.ForeignKey(Irregularity, models.CASCADE, related_name="moves")


class SupervisionOrder(models.Model):
    """督办: what an organ is to do and until when to answer. A further one goes a level up."""

    irregularity = models.ForeignKey(Irregularity, models.PROTECT, related_name="orders")
    level = models.PositiveSmallIntegerField("第几级", default=1)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="supervision_orders", verbose_name="答复单位")
    words = models.TextField("要求")
    due = models.DateField("答复期限")
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name="督办通知书")
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("irregularity", "level"), name="supervision_order_once_a_level"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="supervision_order_answered_with_words",
            ),
        )

    def __str__(self) -> str:
        return f"督办{self.pk}"


class MeasureStanding(models.Model):
    """Up to which event a measure has been counted, by which definition."""

    code = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64)
    counted_until = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("code",)


class MeasureCount(models.Model):
    """Rollup of a measure of an organ in a month, the part of boards that needs no events."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    month = models.DateField(help_text="its first day")
    measure = models.CharField(max_length=60, help_text="a code of data/monitoring/measures.toml")
    amount = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("organ_id", "month", "measure")
        constraints = (models.UniqueConstraint(fields=("organ", "month", "measure"), name="measure_count_once"),)
        indexes = (models.Index(fields=("month", "measure")),)


class SupervisionBulletin(models.Model):
    """效能通报 of a month or a year. Its figures are frozen when it is issued, whatever happens to the rows behind them."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="supervision_bulletins", verbose_name="发布单位")
    period = models.CharField("哪个月、哪一年", max_length=7, help_text="2026-11, or 2026")
    number = models.CharField("文号", max_length=80, unique=True)
    figures = models.JSONField(help_text="all that stands in it, as it was when it was issued")
    figures_digest = models.CharField(max_length=64)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField("发布时间")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-period", "-id")
        constraints = (models.UniqueConstraint(fields=("organ", "period"), name="supervision_bulletin_once"),)

    def __str__(self) -> str:
        return self.number


class InspectionDraw(models.Model):
    """双随机抽查: a draw of cases, commitments, windows or guides, and of who inspects each. Its seed is bound before its list is closed."""

    class DrawKind(models.TextChoices):
        CASES = "cases", "办件"
        COMMITMENTS = "commitments", "告知承诺的事后核查"
        WINDOWS = "windows", "窗口"
        GUIDES = "guides", "公布的办事指南"

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="draws", verbose_name="组织单位")
    title = models.CharField("名称", max_length=100)
    kind = models.CharField("抽什么", max_length=20, choices=DrawKind.choices)
    count = models.PositiveIntegerField("抽几个")
    checklist = models.JSONField("检查内容", default=list)
    seed_sealed = models.BinaryField(help_text="known to nobody before the draw, then told in `told`")
    commitment = models.CharField("种子的摘要", max_length=64)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField("公布种子摘要")
    candidates = models.JSONField("抽查对象", default=list)
    inspectors = models.JSONField("检查人员", default=list)
    list_digest = models.CharField("名单的摘要", max_length=64, blank=True)
    closed_at = models.DateTimeField("名单截止", null=True, blank=True)
    beacon = models.CharField(
        "公开信标", max_length=100, blank=True, help_text="which, and of when, named with the list"
    )
    drawn_at = models.DateTimeField("抽取", null=True, blank=True)
    told = models.JSONField(null=True, blank=True, help_text="the published file, by which anybody recomputes the draw")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None, list_digest="") | (Q(closed_at__isnull=False) & ~Q(list_digest="")),
                name="draw_list_closed_with_digest",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None, told=None) | Q(drawn_at__isnull=False, closed_at__isnull=False),
                name="drawn_from_a_closed_list",
            ),
        )

    def __str__(self) -> str:
        return self.title


class DrawParty(models.Model):
    """A party (人大代表, 行业协会 …) that was asked to give its own number, by its own account, which nobody gives for it."""

    draw = models.ForeignKey(InspectionDraw, models.CASCADE, related_name="parties")
    name = models.CharField("哪一方", max_length=100)
    account = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="由谁给")
    asked_at = models.DateTimeField()
    seal = models.CharField("封的摘要", max_length=64, blank=True, help_text="drawing.seal_of its number")
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(seal="", sealed_at=None) | (~Q(seal="") & Q(sealed_at__isnull=False)),
                name="party_sealed_at_a_time",
            ),
            models.UniqueConstraint(fields=("draw", "name"), name="party_asked_once"),
            models.UniqueConstraint(fields=("draw", "account"), name="one_party_an_account"),
        )

    def __str__(self) -> str:
        return self.name


class DrawNumber(models.Model):
    """A number that a party sealed and opened, or of a public beacon, each after the list was closed.

    `given_by` is the party's own account, and null where the organiser wrote it down, as of a beacon.
    """

    draw = models.ForeignKey(InspectionDraw, models.CASCADE, related_name="numbers")
    party = models.CharField("谁给的", max_length=100)
    number = models.CharField("数", max_length=200)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="自己给的")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("draw", "party"), name="one_number_a_party"),)


class Inspection(models.Model):
    """检查: a case, a window or a guide that was drawn, given to the inspector that was drawn."""

    draw = models.ForeignKey(InspectionDraw, models.PROTECT, related_name="inspections")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="inspections", verbose_name="单位")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="inspections")
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, blank=True, related_name="inspections")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="窗口")
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="指南"
    )
    inspector = models.ForeignKey(User, models.PROTECT, related_name="inspections", verbose_name="检查人员")
    faulty = models.BooleanField("发现问题", null=True, blank=True)
    marks = models.JSONField("逐项结果", default=list)
    words = models.TextField("检查情况", blank=True)
    inspected_at = models.DateTimeField("检查时间", null=True, blank=True)
    right_by = models.DateField("改正期限", null=True, blank=True)
    righted_at = models.DateTimeField("改正", null=True, blank=True)
    righted_words = models.TextField("改正情况", blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("draw", "case", "promise"), name="drawn_once"),
            models.UniqueConstraint(fields=("draw", "counter"), name="window_drawn_once"),
            models.UniqueConstraint(fields=("draw", "publication"), name="guide_drawn_once"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, counter=None, publication=None)
                | Q(case=None, promise=None, counter__isnull=False, publication=None)
                | Q(case=None, promise=None, counter=None, publication__isnull=False),
                name="one_thing_is_inspected",
            ),
            models.CheckConstraint(
                condition=Q(inspected_at=None, faulty=None) | Q(inspected_at__isnull=False, faulty__isnull=False),
                name="inspection_done_with_result",
            ),
            models.CheckConstraint(
                condition=Q(righted_at=None) | Q(faulty=True, right_by__isnull=False), name="only_faults_are_righted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"

    @property
    def name(self) -> str:
        """Name what is inspected, as people call it."""
        if self.counter:
            return f"{self.counter.hall.name}{self.counter}"
        return (self.publication or self.case).item.name  # type: ignore[union-attr]

    @property
    def key(self) -> str:
        """Return how a published draw names it."""
        if self.case_id:
            return f"promise:{self.promise_id}" if self.promise_id else f"case:{self.case_id}"
        return f"window:{self.counter_id}" if self.counter_id else f"guide:{self.publication_id}"

    @property
    def number(self) -> str:
        """Tell what of its kind it is."""
        if self.case:
            return f"办件{self.case.number}" + (f"的承诺“{self.promise.name}”" if self.promise else "")
        return "窗口" if self.counter else f"办事指南第{self.publication.number}版"  # type: ignore[union-attr]
