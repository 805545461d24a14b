"""Receptions at a counter, mandates of agents, visits at home."""

from django.db import models
from django.db.models import F, Q

from banshi.bundles.models import BundleSubmission
from banshi.cases.models import Application
from banshi.catalog.models import Item
from banshi.core.ids import new_guid
from banshi.core.models import StoredFile
from banshi.people.models import Organ, User
from banshi.reception.enums import AgreedBy, DayHalf, VisitState
from banshi.window.models import Ticket


class Mandate(models.Model):
    """委托代办: the written consent of a person that an agent of a village or town acts for them, until a day."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="mandates", verbose_name="委托人")
    agent = models.ForeignKey(User, models.PROTECT, related_name="mandates_held", verbose_name="代办人")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="代办单位")
    matters = models.CharField("委托的事", max_length=300, help_text="as the paper says it")
    paper = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="委托书",
        help_text="none after its time is over (data/retention.toml)",
    )
    since = models.DateField("起")
    until = models.DateField("止")
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="mandate_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(person=F("agent")), name="nobody_is_their_own_agent"),
            models.UniqueConstraint(
                fields=("person", "agent"), condition=Q(ended_at=None), name="one_open_mandate_of_a_pair"
            ),
        )

    def __str__(self) -> str:
        return f"委托{self.pk}"


class FilledInForSomebody(models.Model):
    """A form filled in by an official for the person before them, or by an agent, with how the person agreed to it."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="%(class)ss", verbose_name="申请人")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="%(class)ss", verbose_name="收件单位")
    clerk = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="收件人")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    began_at = models.DateTimeField()
    agreed_by = models.CharField("确认方式", max_length=10, choices=AgreedBy.choices, blank=True)
    agreed_at = models.DateTimeField("确认时间", null=True, blank=True)
    agreed_index = models.CharField(max_length=64, blank=True, help_text="of the answers that were agreed to")
    signature = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("-id",)
        indexes = (models.Index(fields=("organ", "-id")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(agreed_by="", agreed_at=None, agreed_index="")
                | (~Q(agreed_by="") & Q(agreed_at__isnull=False) & ~Q(agreed_index="")),
                name="%(class)s_agreed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(agreed_by="signature") | Q(signature__isnull=False), name="signed_%(class)s_has_signature"
            ),
        )

    def __str__(self) -> str:
        return f"收件{self.pk}"


class Reception(FilledInForSomebody):
    """收件: an application taken in at a counter or by an agent."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="reception")

    @property
    def filled_in(self) -> Application:
        return self.application

    @property
    def matter(self) -> str:
        return self.application.publication.item.name


class BundleReception(FilledInForSomebody):
    """一件事收件: a bundle taken in at a counter or by an agent, one form and one signature for every office."""

    submission = models.OneToOneField(BundleSubmission, models.PROTECT, related_name="reception")

    @property
    def filled_in(self) -> BundleSubmission:
        return self.submission

    @property
    def matter(self) -> str:
        return f"{self.submission.version}一件事"


class HomeVisit(models.Model):
    """上门服务: an order to come to somebody who cannot come, on a half-day, at a place in that day's route."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="home_visits", verbose_name="申请人")
    item = models.ForeignKey(Item, models.PROTECT, related_name="home_visits", verbose_name="事项")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="home_visits", verbose_name="上门单位")
    content_sealed = models.BinaryField(help_text="address, phone and what to mind")
    wanted_on = models.DateField("上门日期")
    half = models.CharField("时段", max_length=10, choices=DayHalf.choices)
    position = models.PositiveSmallIntegerField("第几站", default=0)
    state = models.CharField("状态", max_length=10, choices=VisitState.choices, default=VisitState.ORDERED)
    visitor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上门人")
    reception = models.OneToOneField(Reception, models.PROTECT, null=True, blank=True, related_name="visit")
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("wanted_on", "half", "position", "id")
        indexes = (models.Index(fields=("organ", "wanted_on"), name="visits_of_a_day"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="ordered", ended_at=None) | (~Q(state="ordered") & Q(ended_at__isnull=False)),
                name="home_visit_ended_whole",
            ),
        )

    def __str__(self) -> str:
        return f"上门服务{self.pk}"
