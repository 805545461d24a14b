"""A clean-up campaign: who takes part, what they report, what reviewers say, what is decided."""

from functools import cached_property

from django.db import models
from django.db.models import F, Q

from banshi.campaigns.enums import Conclusion, Disposition, Outcome, ReportedList, Verdict
from banshi.campaigns.plan import Body, Phase, Plan, read_plan
from banshi.catalog.models import Item, Publication, ReferenceItem, Revision
from banshi.core.clock import chinese_date
from banshi.core.crypto import blind_index
from banshi.core.ids import new_guid
from banshi.core.models import StoredFile
from banshi.people.models import Division, Organ, User
from banshi.workflow.models import FlowField, MoveRecord

LINE = 300


class Campaign(models.Model):
    """清理规范工作. `content` is its plan, kept as it was when the campaign was opened."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    name = models.CharField("名称", max_length=120)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="campaigns", verbose_name="组织单位")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="范围")
    content = models.JSONField(help_text="a campaigns.plan.Plan")
    state = models.CharField("状态", max_length=20, default="preparing", help_text="a state of `flow`")
    flow = FlowField("campaign")
    publish_on = models.DateField(
        "公布日期", null=True, blank=True, help_text="decided items are published on this day"
    )
    is_example = models.BooleanField("示例", default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def plan(self) -> Plan:
        return read_plan(self.content, self.name)


class CampaignMove(MoveRecord):
    subject = models.ForeignKey(Campaign, models.CASCADE, related_name="moves")


class Stage(models.Model):
    """The days, first and last included, of a batch ("" = all together) in a phase of the plan."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="stages")
    phase = models.CharField(max_length=40)
    batch = models.CharField(max_length=40, blank=True)
    begins = models.DateField("起")
    ends = models.DateField("止")
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("begins", "ends", "id")
        constraints = (
            models.UniqueConstraint(fields=("campaign", "phase", "batch"), name="stage_once"),
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="stage_ends_after_it_begins"),
        )

    @property
    def planned(self) -> Phase:
        return self.campaign.plan.phase(self.phase)

    @property
    def called(self) -> str:
        """Return the phase, and the batch where there are several."""
        plan = self.campaign.plan
        batch = next((each.label for each in plan.batches if each.code == self.batch), "")
        return f"{self.planned.label}（{batch}）" if batch and len(plan.batches) > 1 else self.planned.label


class ReviewBody(models.Model):
    """审核单位: which organ is a body of the plan."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="bodies")
    code = models.CharField(max_length=40)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="review_bodies", null=True, blank=True)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", null=True, blank=True, help_text="of one of many: its own"
    )
    members: models.ManyToManyField[User, models.Model] = models.ManyToManyField(
        User, related_name="seconded_to", blank=True, verbose_name="抽调人员"
    )

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("campaign", "code"), name="review_body_once"),)

    def __str__(self) -> str:
        return self.organ.called if self.organ else self.label

    @property
    def label(self) -> str:
        return f"{self.planned.label}（{self.division}）" if self.division else self.planned.label

    def reviews_in(self, division: str) -> bool:
        return self.division is None or division.startswith(self.division.prefix)

    @property
    def planned(self) -> Body:
        return self.campaign.plan.body(self.code)


class ReviewGroup(models.Model):
    """分组分片、条块: which people of a body review which units. Empty fields do not narrow."""

    body = models.ForeignKey(ReviewBody, models.CASCADE, related_name="groups")
    label = models.CharField("组名", max_length=60)
    division_prefix = models.CharField("片：区划代码开头", max_length=12, blank=True)
    superior = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="条：上级主管"
    )
    members: models.ManyToManyField[User, models.Model] = models.ManyToManyField(User, related_name="review_groups")

    class Meta:
        ordering = ("id",)


class Participation(models.Model):
    """清理单位 in a campaign: one leader, one section, one clerk (1名分管领导、1个科室、1名经办人员)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="participations")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="participations")
    batch = models.CharField("批次", max_length=40)
    leader = models.CharField("分管领导", max_length=60, blank=True)
    section = models.CharField("牵头科室", max_length=60, blank=True)
    clerk = models.CharField("经办人员", max_length=60, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    named_at = models.DateTimeField(null=True, blank=True)
    progress = models.TextField("工作进展", blank=True)
    problems = models.TextField("存在问题", blank=True)
    suggestions = models.TextField("工作建议", blank=True)
    reported_round = models.PositiveSmallIntegerField("已报到第几轮", default=0)
    returns_told_at = models.DateTimeField(
        null=True, blank=True, help_text="until when the unit was told by mail what was returned to it"
    )
    left_at = models.DateTimeField("退出本次清理", null=True, blank=True)
    left_reason = models.CharField("退出的原因", max_length=LINE, blank=True)

    class Meta:
        ordering = ("organ_id",)
        constraints = (
            models.UniqueConstraint(fields=("campaign", "organ"), name="participation_once"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_reason="") | (Q(left_at__isnull=False) & ~Q(left_reason="")),
                name="unit_that_left_says_why",
            ),
            models.CheckConstraint(
                condition=Q(named_at=None) | (~Q(leader="") & ~Q(section="") & ~Q(clerk="")),
                name="named_units_name_all_three",
            ),
        )
        indexes = (models.Index(fields=("campaign", "batch", "reported_round")),)

    def __str__(self) -> str:
        return str(self.organ)


class Absence(models.Model):
    """没有认领参考目录某一项的说明: so that 瞒报、漏报 are visible."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="absences")
    reference = models.ForeignKey(ReferenceItem, models.PROTECT, related_name="+")
    reason = models.CharField("说明", max_length=LINE)
    at = models.DateTimeField()

    class Meta:
        ordering = ("reference_id",)
        constraints = (
            models.UniqueConstraint(fields=("participation", "reference"), name="absence_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="absence_has_reason"),
        )


class HandedIn(models.Model):
    """随报清单: a list the unit reported besides its guides in a round, as it stood. Empty ones say why."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="handed_in")
    annex = models.CharField("清单", max_length=20, choices=ReportedList.choices)
    round = models.PositiveSmallIntegerField("轮次")
    rows = models.JSONField(default=list, help_text="a header, then lines")
    count = models.PositiveIntegerField("项数", default=0)
    nothing = models.CharField("没有的，为什么", max_length=LINE, blank=True)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("participation", "annex", "round"), name="annex_once_in_a_round"),
            models.CheckConstraint(condition=Q(count__gt=0) | ~Q(nothing=""), name="empty_annex_says_why"),
        )


class Report(models.Model):
    """上报材料: what a unit's head signed in a round. `digest` covers every item's text and disposition."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="reports")
    round = models.PositiveSmallIntegerField("轮次")
    number = models.PositiveSmallIntegerField("第几次")
    items = models.PositiveIntegerField("事项数")
    summary = models.JSONField("工作小结", help_text="progress, problems, suggestions, figures")
    digest = models.CharField(max_length=64)
    late_days = models.PositiveSmallIntegerField("迟报工作日", default=0)
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    recalled_at = models.DateTimeField("撤回", null=True, blank=True)
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    copies = models.PositiveSmallIntegerField("收到纸质件份数", default=0)
    copies_by = models.CharField("收件人", max_length=60, blank=True)
    copies_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("participation", "number"), name="report_number_once"),
            models.CheckConstraint(
                condition=Q(copies=0, copies_by="", copies_at=None)
                | (Q(copies__gt=0, copies_at__isnull=False) & ~Q(copies_by="")),
                name="paper_copies_have_a_receipt",
            ),
        )


class Decision(models.Model):
    """审定: a government meeting that decided on items."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="decisions")
    meeting = models.CharField("会议", max_length=120)
    held_on = models.DateField("日期")
    doc_no = models.CharField("文号", max_length=80, blank=True)
    minutes = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)


class Entry(models.Model):
    """参审事项: an item on its way through a campaign. Its texts of each round are Revisions, its path `moves`."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="entries")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, models.PROTECT, related_name="entries")
    batch = models.CharField(max_length=40)
    state = models.CharField("状态", max_length=20, default="preparing", help_text="a state of `flow`")
    flow = FlowField("entry")
    round = models.PositiveSmallIntegerField("轮次", default=0, help_text="of the newest report; 0: not reported yet")
    disposition = models.CharField("单位处置意见", max_length=10, choices=Disposition.choices, default=Disposition.KEEP)
    disposition_note = models.CharField("理由", max_length=500, blank=True)
    target = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="并入的事项")
    text = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+", help_text="as reported in this round"
    )
    lead = models.CharField("牵头审核单位", max_length=40, blank=True, help_text="a body of the plan")
    waiting = models.PositiveSmallIntegerField("还差几家意见", default=0)
    final = models.CharField("审定结果", max_length=10, choices=Disposition.choices, blank=True)
    final_note = models.CharField("审定说明", max_length=500, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="entries")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("campaign", "item"), name="entry_once_in_a_campaign"),
            models.CheckConstraint(
                condition=(Q(decision=None) & Q(final="")) | (Q(decision__isnull=False) & ~Q(final="")),
                name="decision_and_result_together",
            ),
            models.CheckConstraint(condition=Q(round=0) | Q(text__isnull=False), name="reported_entry_has_its_text"),
        )
        indexes = (
            models.Index(fields=("campaign", "batch", "state")),
            models.Index(fields=("campaign", "state", "lead", "id")),
            models.Index(
                fields=("campaign", "lead"), condition=Q(state="reviewing", waiting=0), name="entries_to_sum_up"
            ),
            models.Index(fields=("participation", "state")),
        )

    def __str__(self) -> str:
        return str(self.item)


class EntryMove(MoveRecord):
    subject = models.ForeignKey(Entry, models.CASCADE, related_name="moves")


class NotedRuling(models.Model):
    """会议另有决定, on one item, noted before the decision as a whole is recorded. Of no effect once it is reported anew."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="noted")
    round = models.PositiveSmallIntegerField("轮次")
    disposition = models.CharField("审定结果", max_length=10, choices=Disposition.choices)
    admitted = models.BooleanField("列入")
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ("entry_id",)
        constraints = (
            models.CheckConstraint(condition=Q(admitted=True) | ~Q(note=""), name="who_is_not_admitted_is_told_why"),
        )


class Review(models.Model):
    """One body's review of one entry in one round: waiting, taken by somebody, or given. Experts and lawyers too."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="reviews")
    body = models.ForeignKey(ReviewBody, models.CASCADE, related_name="reviews")
    invitation = models.ForeignKey(
        "Invitation", models.PROTECT, null=True, blank=True, related_name="reviews", help_text="of an outside expert"
    )
    round = models.PositiveSmallIntegerField()
    claimed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField("意见", max_length=10, choices=Verdict.choices, blank=True)
    disposition = models.CharField("处置意见", max_length=10, choices=Disposition.choices, blank=True)
    note = models.TextField("说明", blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="of the text that was read")
    given_by = models.CharField("提出人", max_length=150, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    set_aside = models.CharField("未提意见的原因", max_length=LINE, blank=True, help_text="concluded without it, why")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "body", "round"), condition=Q(invitation=None), name="one_review_of_a_body_in_a_round"
            ),
            models.UniqueConstraint(fields=("entry", "round", "invitation"), name="one_review_of_an_expert_in_a_round"),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="claim_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", given_at=None, given_by="", digest="")
                | (~Q(verdict="") & Q(given_at__isnull=False) & ~Q(given_by="") & ~Q(digest="")),
                name="given_review_has_who_when_and_what_was_read",
            ),
        )
        indexes = (models.Index(fields=("body", "id"), condition=Q(verdict="", set_aside=""), name="reviews_waiting"),)


class Opinion(models.Model):
    """A body's answer to one criterion."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="opinions")
    criterion = models.CharField(max_length=40)
    agrees = models.BooleanField("符合")
    text = models.TextField("意见", blank=True)
    path = models.CharField("要素", max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("review", "criterion"), name="one_answer_to_a_criterion"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(text=""), name="disagreement_says_why"),
        )


class Summing(models.Model):
    """汇总意见: what the lead body concluded of an entry in a round, and what it asks the unit to do."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="summings")
    round = models.PositiveSmallIntegerField()
    conclusion = models.CharField("结论", max_length=10, choices=Conclusion.choices)
    disposition = models.CharField("处置意见", max_length=10, choices=Disposition.choices)
    asks = models.JSONField("修改意见清单", default=list, help_text="sentences, one demand each")
    body = models.ForeignKey(ReviewBody, models.PROTECT, related_name="+")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("entry", "round")),)


class Conference(models.Model):
    """联席会议: who came, what was on the agenda, what it concluded."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="conferences")
    held_on = models.DateField("会议日期")
    members = models.JSONField("参加单位", default=list)
    agenda = models.TextField("议题")
    minutes = models.TextField("会议纪要")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-held_on", "-id")

    def __str__(self) -> str:
        return f"{chinese_date(self.held_on)}联席会议"


class Dispute(models.Model):
    """联席会议议题: what unit and body do not agree on, and what the conference settled."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="disputes")
    question = models.TextField("争议问题")
    raised_at = models.DateTimeField()
    conference = models.ForeignKey(
        Conference, models.PROTECT, null=True, blank=True, related_name="disputes", verbose_name="哪次会议"
    )
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True)
    minutes = models.TextField("会议纪要", blank=True)
    held_on = models.DateField("会议日期", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("entry",), condition=Q(settled_at=None), name="one_open_dispute"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None, held_on=None)
                | (~Q(outcome="") & ~Q(minutes="") & Q(settled_at__isnull=False) & Q(held_on__isnull=False)),
                name="settled_dispute_has_minutes",
            ),
        )


class Recusal(models.Model):
    """回避: somebody who may not review a unit's items, and why."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recusals")
    user = models.ForeignKey(User, models.PROTECT, related_name="recusals")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=LINE)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("campaign", "user", "organ"), name="recusal_once"),)


class Invitation(models.Model):
    """专家邀请: an outside expert or lawyer who reviews by a signed link, without an account, until a day."""

    PURPOSE = "campaigns.Invitation"

    body = models.ForeignKey(ReviewBody, models.CASCADE, related_name="invitations")
    name = models.CharField("姓名", max_length=60)
    office = models.CharField("单位、职务", max_length=120, blank=True)
    phone_sealed = models.BinaryField(default=bytes)
    token_index = models.CharField(max_length=64, unique=True, help_text="blind index of the link's secret")
    until = models.DateField("有效期至")
    ended_at = models.DateTimeField(null=True, blank=True)
    conflict = models.CharField("利益关系申报", max_length=LINE, blank=True)
    declared_at = models.DateTimeField("作出申报", null=True, blank=True)
    ties: models.ManyToManyField[Organ, models.Model] = models.ManyToManyField(
        Organ, related_name="+", blank=True, verbose_name="有利害关系的单位"
    )
    entries: models.ManyToManyField[Entry, models.Model] = models.ManyToManyField(Entry, related_name="invitations")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_id(self) -> str:
        return f"expert:{self.pk}"

    @property
    def ledger_name(self) -> str:
        return f"{self.name}（专家）"

    @classmethod
    def index_of(cls, token: str) -> str:
        return blind_index(token, purpose=cls.PURPOSE)


class Consultation(models.Model):
    """公示征求意见: what is shown to the public, from when to when."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="consultation")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("说明")
    opens = models.DateField("起")
    closes = models.DateField("止")
    summary = models.TextField("意见采纳情况", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="consultation_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(summary=""), name="closed_consultation_sums_up"),
        )


class Comment(models.Model):
    """公众意见. Shown to all only after somebody has read it. How to reach the person is sealed."""

    class State(models.TextChoices):
        NEW = "new", "待处理"
        SHOWN = "shown", "已公开"
        HIDDEN = "hidden", "不公开"

    PURPOSE = "campaigns.Comment"

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="comments")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="comments")
    unit = models.ForeignKey(
        Participation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        help_text="who follows up one on the whole list",
    )
    text = models.TextField("意见", max_length=2000)
    contact_sealed = models.BinaryField(default=bytes)
    receipt = models.CharField("回执号", max_length=20, unique=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    hidden_reason = models.CharField("不公开的原因", max_length=LINE, blank=True)
    accepted = models.BooleanField("采纳", null=True)
    answer = models.TextField("答复", blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by="", accepted=None)
                | (~Q(answer="") & Q(answered_at__isnull=False) & ~Q(answered_by="") & Q(accepted__isnull=False)),
                name="answer_has_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(state="hidden") | ~Q(hidden_reason=""), name="hidden_comment_says_why"),
        )


class Bulletin(models.Model):
    """通报: figures, ranking and problems of a month, as issued."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="bulletins")
    number = models.PositiveSmallIntegerField("期号")
    title = models.CharField("标题", max_length=120)
    content = models.JSONField(help_text="figures, ranking, problems as they stood")
    opening = models.TextField("按语", blank=True)
    issued_by = models.CharField("签发", max_length=150, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("campaign", "number"), name="bulletin_number_once"),)


class Order(models.Model):
    """限期整改: what a unit must put right, by when. Its answer. Closed when checked."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="orders")
    bulletin = models.ForeignKey(Bulletin, models.SET_NULL, null=True, blank=True, related_name="orders")
    text = models.TextField("整改要求")
    due = models.DateField("期限")
    answer = models.TextField("整改情况", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_note = models.CharField("销号意见", max_length=LINE, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("due", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_note="") | (Q(closed_at__isnull=False) & ~Q(closed_note="")),
                name="closed_order_says_why",
            ),
        )
