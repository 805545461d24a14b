"""办件: drafts, cases, their materials, tasks, clocks, lawful acts and outcomes.

Everything a person wrote or is called stands in sealed columns; `content_of` and `answers_of` of `cases.sealing` open them.
"""

from django.db import models
from django.db.models import F, Q

from banshi.cases.enums import (
    ACCEPTANCES,
    DECISIONS,
    ONCE,
    ActKind,
    CaseChannel,
    ClockKind,
    MaterialTrust,
    PromiseEnding,
    PromiseKind,
    StopKind,
    TaskEnding,
    TaskVerdict,
)
from banshi.catalog.enums import StepKind, TimeUnit
from banshi.catalog.models import Item, Publication
from banshi.core.ids import new_guid
from banshi.core.models import StoredFile
from banshi.exchange.enums import TOLD_NOTHING, CallOutcome
from banshi.exchange.models import CallRecord, Resource
from banshi.papers.models import Paper
from banshi.people.models import Organ, User
from banshi.workflow.models import FlowField, MoveRecord


class Application(models.Model):
    """申请: what somebody fills in, a draft until it is submitted or discarded."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    key = models.UUIDField(
        "防重复提交的号", unique=True, default=new_guid, help_text="sent with the submission, however often"
    )
    owner = models.ForeignKey(User, models.PROTECT, related_name="applications", verbose_name="申请人")
    agent = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代办人")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="applications")
    channel = models.CharField("途径", max_length=10, choices=CaseChannel.choices, default=CaseChannel.ONLINE)
    answers_sealed = models.BinaryField(default=bytes)
    schema_digest = models.CharField(max_length=64, blank=True, help_text="of the form it was checked by")
    renews = models.ForeignKey("CaseOutcome", models.PROTECT, null=True, blank=True, related_name="renewals")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField("草稿保留到")
    submitted_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("owner", "-id")),
            models.Index(
                fields=("expires_at",), condition=Q(submitted_at=None, discarded_at=None), name="drafts_by_expiry"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(discarded_at=None), name="submitted_application_is_not_discarded"
            ),
        )

    def __str__(self) -> str:
        return f"申请{self.pk}"


class CompanyHandler(models.Model):
    """经办人: a person whom a company's account has named to apply in its name, until it withdraws them."""

    company = models.ForeignKey(User, models.PROTECT, related_name="handlers", verbose_name="单位")
    handler = models.ForeignKey(User, models.PROTECT, related_name="companies", verbose_name="经办人")
    follows = models.BooleanField("能看单位的全部办件", default=False)
    named_at = models.DateTimeField("指定")
    withdrawn_at = models.DateTimeField("收回", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("company", "handler"), condition=Q(withdrawn_at=None), name="handler_named_once"
            ),
            models.CheckConstraint(condition=~Q(company=F("handler")), name="company_is_not_its_own_handler"),
        )

    def __str__(self) -> str:
        return f"{self.company}的经办人{self.handler}"


class CaseCounter(models.Model):
    """Last serial of an organ's cases in a year, locked by whoever takes the next."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("organ_id", "year")
        constraints = (models.UniqueConstraint(fields=("organ", "year"), name="one_counter_per_organ_and_year"),)


class Case(models.Model):
    """办件.

    `stage` is a position in `steps.plan_of(publication)`. `due_rank` numbers the working day the main clock ends on
    (`due_day` the natural day, for limits in natural days or months); neither while the clock stands still.
    """

    number = models.CharField("办件编号", max_length=30, unique=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    application = models.OneToOneField(Application, models.PROTECT, related_name="case")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="cases")
    item = models.ForeignKey(Item, models.PROTECT, related_name="cases")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="cases", verbose_name="承办单位")
    applicant = models.ForeignKey(User, models.PROTECT, related_name="cases", verbose_name="申请人")
    agent = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代办人")
    applicant_masked = models.CharField("申请人（打码）", max_length=80, blank=True)
    applicant_sealed = models.BinaryField(
        default=bytes, help_text="name, number and phone as they were when it came in"
    )
    query_code_sealed = models.BinaryField(help_text="with the number it opens the progress page")
    state = models.CharField("状态", max_length=20, default="received", help_text="a state of `flow`")
    flow = FlowField("case")
    joint = models.BooleanField("联合办理", default=False, help_text="行政许可法 第二十六条: several organs handle it")
    stage = models.PositiveSmallIntegerField("环节", default=0)
    received_at = models.DateTimeField("收件时间")
    complete_on = models.DateField(
        "材料收齐的日子", help_text="the day of receipt, or of the last paper that was asked for"
    )
    accepted_on = models.DateField("受理日期", null=True, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    contents_deleted_at = models.DateTimeField(
        "个人信息删除", null=True, blank=True, help_text="what was personal in it was deleted by data/retention.toml"
    )
    due_kind = models.CharField("现在的期限", max_length=20, choices=ClockKind.choices, blank=True)
    due_rank = models.IntegerField(null=True, blank=True)
    due_day = models.DateField(null=True, blank=True)
    due_limit = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="days of that limit with its extension, a month as thirty"
    )
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("organ", "state", "due_rank")),
            models.Index(fields=("applicant", "-id")),
            models.Index(fields=("state", "due_rank")),
            models.Index(fields=("organ", "-id")),
            models.Index(fields=("due_day",), condition=Q(due_day__isnull=False), name="cases_due_by_day"),
            models.Index(
                fields=("organ", "-ended_at", "-id"), condition=Q(ended_at__isnull=False), name="ended_cases_of_organ"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(due_rank=None) | Q(due_day=None), name="case_is_due_in_one_unit"),
            models.CheckConstraint(
                condition=Q(decided_on=None) | Q(accepted_on__isnull=False), name="decided_case_was_accepted"
            ),
        )

    def __str__(self) -> str:
        return f"办件{self.number}"

    @property
    def people(self) -> list[int]:
        """List the accounts that are told of it, the applicant's and the agent's."""
        return [self.applicant_id, *([self.agent_id] if self.agent_id else [])]


class CaseMove(MoveRecord):
    subject = models.ForeignKey(Case, models.CASCADE, related_name="moves")


class CaseMaterial(models.Model):
    """A material handed in for a row of the guide's list. One that was replaced stays, with the moment."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField("第几项", help_text="in the guide's list, from 0")
    name = models.CharField("材料名称", max_length=300)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField("来源", max_length=200, blank=True, help_text="of an electronic record")
    trust = models.CharField("可信等级", max_length=1, choices=MaterialTrust.choices, default=MaterialTrust.D)
    attached_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("application_id", "position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "position"), condition=Q(replaced_at=None), name="one_material_per_row"
            ),
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(source=""), name="material_has_file_or_source"),
        )

    def __str__(self) -> str:
        return self.name


class CaseTask(models.Model):
    """环节: a step given to an organ. Those of one stage run side by side, and the last one done opens the next stage."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    stage = models.PositiveSmallIntegerField(help_text="a position in the plan of the case")
    round = models.PositiveSmallIntegerField(default=1, help_text="counts how often the stage was opened")
    position = models.PositiveSmallIntegerField("第几支", default=0, help_text="within the stage")
    name = models.CharField("环节", max_length=300)
    kind = models.CharField("环节类型", max_length=10, choices=StepKind.choices)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="case_tasks", verbose_name="办理单位")
    lead = models.ForeignKey(
        Organ,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="承办单位",
        help_text="the case's organ, where another one has this step",
    )
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="case_tasks")
    claimed_until = models.DateTimeField("占用到", null=True, blank=True)
    limit = models.PositiveSmallIntegerField("环节时限", null=True, blank=True)
    unit = models.CharField(max_length=1, choices=TimeUnit.choices, default=TimeUnit.WORKING_DAY)
    began_on = models.DateField()
    due_rank = models.IntegerField(null=True, blank=True)
    due_day = models.DateField(null=True, blank=True)
    case_state = models.CharField(
        "办件的状态", max_length=20, default="received", help_text="the case's, kept beside an open step for the desks"
    )
    case_due_rank = models.IntegerField(null=True, blank=True)
    case_due_day = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    ending = models.CharField(max_length=10, choices=TaskEnding.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField("意见", max_length=10, choices=TaskVerdict.choices, blank=True)
    content_sealed = models.BinaryField(default=bytes)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("case_id", "id")
        indexes = (
            models.Index(
                fields=("organ", "case_due_rank", "case_state", "kind", "case_due_day", "id"),
                condition=Q(ending=""),
                name="open_tasks_of_organ",
            ),
            models.Index(
                fields=("lead", "case_due_rank", "case_due_day", "id"),
                condition=Q(ending="", lead__isnull=False),
                name="open_tasks_with_others",
            ),
            models.Index(fields=("assignee", "due_rank"), condition=Q(ending=""), name="open_tasks_of_person"),
        )
        constraints = (
            models.UniqueConstraint(fields=("case", "stage", "round", "position"), name="case_task_once_in_a_round"),
            models.CheckConstraint(
                condition=Q(ending="", ended_at=None) | (~Q(ending="") & Q(ended_at__isnull=False)),
                name="case_task_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(claimed_until=None) | Q(assignee__isnull=False), name="claimed_task_has_assignee"
            ),
            models.CheckConstraint(condition=~Q(lead=F("organ")), name="leading_organ_is_another"),
        )

    def __str__(self) -> str:
        return self.name


class CaseClock(models.Model):
    """期限: a limit that runs from `began_on`. Due by rank (working days) or day (natural days, months)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    kind = models.CharField("期限", max_length=20, choices=ClockKind.choices)
    began_on = models.DateField("起算")
    limit = models.PositiveSmallIntegerField("时限")
    unit = models.CharField("单位", max_length=1, choices=TimeUnit.choices, default=TimeUnit.WORKING_DAY)
    extension = models.PositiveSmallIntegerField("延长", default=0)
    due_rank = models.IntegerField(null=True, blank=True)
    due_day = models.DateField(null=True, blank=True)
    ended_on = models.DateField("停止计时", null=True, blank=True)

    class Meta:
        ordering = ("case_id", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "kind"), condition=Q(ended_on=None), name="one_running_clock_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(due_rank=None) | Q(due_day=None), name="clock_is_due_in_one_unit"),
        )


class CaseAct(models.Model):
    """A lawful act on a case, for good: who, when, on which article, with what effect from which day."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="acts")
    kind = models.CharField("行为", max_length=20, choices=ActKind.choices)
    at = models.DateTimeField()
    effective_on = models.DateField("生效日期", help_text="a deemed acceptance is effective before it was recorded")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=150)
    basis = models.CharField("依据", max_length=300, blank=True)
    facts = models.JSONField(default=dict, help_text="days, counts, positions; nothing personal")
    content_sealed = models.BinaryField(default=bytes, help_text="words and whatever else was said")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文书")

    class Meta:
        ordering = ("case_id", "id")
        constraints = (
            models.UniqueConstraint(fields=("case", "kind"), condition=Q(kind__in=ONCE), name="act_once_in_a_case"),
            models.UniqueConstraint(fields=("case",), condition=Q(kind__in=ACCEPTANCES), name="accepted_once"),
            models.UniqueConstraint(fields=("case",), condition=Q(kind__in=DECISIONS), name="decided_once"),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class ClockStop(models.Model):
    """停表: a span in which no clock of the case runs. Of spans that overlap the union counts."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="stops")
    kind = models.CharField("停表原因", max_length=20, choices=StopKind.choices)
    procedure = models.CharField("特别程序", max_length=100, blank=True)
    basis = models.CharField("依据", max_length=300, blank=True)
    expected_days = models.PositiveSmallIntegerField("所需工作日", null=True, blank=True)
    began_on = models.DateField("开始")
    ended_on = models.DateField("结束", null=True, blank=True)
    act = models.ForeignKey(CaseAct, models.PROTECT, related_name="stops")

    class Meta:
        ordering = ("case_id", "began_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="stop_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=("case", "kind", "procedure"), condition=Q(ended_on=None), name="procedure_open_once"
            ),
        )


class Promise(models.Model):
    """承诺: a paper that comes later (容缺后补), or that a commitment stands for (告知承诺) and somebody checks afterwards."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="promises")
    kind = models.CharField("承诺", max_length=10, choices=PromiseKind.choices)
    position = models.PositiveSmallIntegerField("第几项", help_text="in the guide's list, from 0")
    name = models.CharField("材料名称", max_length=300)
    form = models.CharField("形式", max_length=100, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField("本人同意", null=True, blank=True)
    last_rank = models.IntegerField(
        "最后一天", null=True, blank=True, help_text="rank of the working day to supply or to check by"
    )
    drawn_at = models.DateTimeField("抽中核查", null=True, blank=True)
    ending = models.CharField(max_length=10, choices=PromiseEnding.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("application_id", "position", "id")
        indexes = (
            models.Index(fields=("last_rank",), condition=Q(ending=""), name="open_promises_by_day"),
            models.Index(
                fields=("last_rank",), condition=Q(ending="", drawn_at__isnull=False), name="drawn_promises_by_day"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("application", "position"), condition=Q(ending=""), name="one_open_promise_per_row"
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_at=None) | (~Q(ending="") & Q(ended_at__isnull=False)),
                name="promise_ended_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.name}"


class CreditEntry(models.Model):
    """失信记录: a false commitment, which leaves only the ordinary way until it is repaired."""

    user = models.ForeignKey(User, models.PROTECT, related_name="credit_entries", verbose_name="谁")
    promise = models.OneToOneField(Promise, models.PROTECT, null=True, blank=True, related_name="credit_entry")
    ground = models.CharField("事由", max_length=200)
    entered_at = models.DateTimeField("记入")
    repaired_at = models.DateTimeField("修复", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("user",), condition=Q(repaired_at=None), name="open_credit_entries"),)

    def __str__(self) -> str:
        return self.ground


class FetchedMaterial(models.Model):
    """免交的材料: what the register the guide names said of a material nobody has to hand in.

    Without an outcome it is being asked.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="fetched")
    position = models.PositiveSmallIntegerField("材料清单第几项", help_text="from 0")
    name = models.CharField("材料", max_length=300)
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", verbose_name="数据资源")
    asked_at = models.DateTimeField("什么时候问的")
    outcome = models.CharField("结果", max_length=10, choices=CallOutcome.choices, blank=True)
    said = models.CharField("说明", max_length=300, blank=True)
    record_sealed = models.BinaryField(
        "取得的记录", default=bytes, help_text="rows by label, where the grant gives data"
    )
    call = models.ForeignKey(CallRecord, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("case_id", "position")
        constraints = (models.UniqueConstraint(fields=("case", "position"), name="fetched_once_a_row"),)

    def __str__(self) -> str:
        return self.name

    @property
    def told_nothing(self) -> bool:
        return self.outcome in TOLD_NOTHING


class CaseOutcome(models.Model):
    """办理结果: granted or not, until when it is valid, and whether it was revoked."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="outcome")
    granted = models.BooleanField("准予")
    deemed = models.BooleanField("视为准予", default=False)
    decided_at = models.DateTimeField()
    valid_until = models.DateField("有效期至", null=True, blank=True)
    revoked_at = models.DateTimeField("撤销", null=True, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结果文书")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("valid_until",), condition=Q(revoked_at=None), name="outcomes_by_validity"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(granted=True) | Q(valid_until=None), name="only_what_is_granted_is_valid"
            ),
            models.CheckConstraint(
                condition=Q(granted=True) | Q(revoked_at=None), name="only_what_is_granted_is_revoked"
            ),
        )
