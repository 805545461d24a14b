"""Halls, their counters and queues, appointments, and who was asked first."""

from django.db import models
from django.db.models import F, Q

from banshi.cases.models import Application
from banshi.catalog.models import Item
from banshi.core.ids import new_guid
from banshi.people.models import Organ, User
from banshi.window.enums import (
    AppointmentState,
    HalfDay,
    Priority,
    QuestionState,
    TicketSource,
    TicketState,
)


class Hall(models.Model):
    """大厅. `hours` are spans of working days and, where it opens then, of days of rest."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="halls", verbose_name="管理单位")
    address = models.CharField("地址", max_length=200)
    phone = models.CharField("电话", max_length=60, blank=True)
    hours = models.JSONField("开放时间", help_text='{"working": [["09:00", "12:00"], …], "rest": []}')
    languages = models.JSONField("语言", default=list, blank=True)
    aids = models.JSONField("便民设施", default=list, blank=True)
    kiosk_round = models.PositiveIntegerField("取号机地址", default=1, help_text="a new one ends the kiosks' addresses")
    closed_on = models.DateField("提前闭厅", null=True, blank=True, help_text="the day on which it closed early")
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """业务类别: a queue of a hall with a letter of its own. One without organs takes every item that no other takes."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="skills")
    letter = models.CharField("号码字头", max_length=2)
    name = models.CharField("业务类别", max_length=40)
    organs = models.ManyToManyField(Organ, blank=True, related_name="+", verbose_name="办哪些单位的事项")
    minutes = models.PositiveSmallIntegerField("每件大约几分钟", default=10, help_text="until experience tells better")
    morning_places = models.PositiveSmallIntegerField("上午可约", default=0)
    afternoon_places = models.PositiveSmallIntegerField("下午可约", default=0)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ("hall", "letter")
        constraints = (
            models.UniqueConstraint(fields=("hall", "letter"), name="skill_letter_once_in_a_hall"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="skill_takes_some_minutes"),
        )

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """窗口. `clerk` is who sits there now, `paused_at` since when nobody is called there."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="counters")
    number = models.PositiveSmallIntegerField("窗口号")
    skills = models.ManyToManyField(Skill, related_name="counters", verbose_name="业务类别")
    clerk = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="counter")
    opened_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ("hall", "number")
        constraints = (
            models.UniqueConstraint(fields=("hall", "number"), name="counter_number_once_in_a_hall"),
            models.CheckConstraint(
                condition=Q(clerk=None, opened_at=None, paused_at=None)
                | Q(clerk__isnull=False, opened_at__isnull=False),
                name="counter_is_open_with_a_clerk",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}号窗口"


class TicketSeries(models.Model):
    """The last number given in a queue on a day. Those for a kiosk without network are a series of their own."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    day = models.DateField()
    offline = models.BooleanField(default=False)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("skill", "day", "offline"), name="ticket_series_once_a_day"),)


class AppointmentQuota(models.Model):
    """Places of one item in a half-day where it has its own, beside those of its queue."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="quotas")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    morning_places = models.PositiveSmallIntegerField("上午可约")
    afternoon_places = models.PositiveSmallIntegerField("下午可约")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("skill", "item"), name="quota_once_for_an_item"),)


class AppointmentSlot(models.Model):
    """A half-day's places, of a queue or of an item with a quota of its own. Written when first asked for."""

    skill = models.ForeignKey(Skill, models.PROTECT, related_name="slots")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HalfDay.choices)
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("skill", "day", "half"), condition=Q(item=None), name="slot_of_a_queue_once"
            ),
            models.UniqueConstraint(
                fields=("skill", "item", "day", "half"), condition=Q(item__isnull=False), name="slot_of_an_item_once"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="slot_never_overbooked"),
        )

    def __str__(self) -> str:
        return f"{self.day.month}月{self.day.day}日{self.get_half_display()}"


class Appointment(models.Model):
    """预约. `code` is said or typed at the hall."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    slot = models.ForeignKey(AppointmentSlot, models.PROTECT, related_name="appointments")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    code = models.CharField("预约码", max_length=8)
    state = models.CharField(max_length=10, choices=AppointmentState.choices)
    booked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True, help_text="by when an offered place is confirmed")
    ended_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "item", "slot"),
                condition=Q(state__in=("booked", "queued", "offered")),
                name="booked_once_by_a_person",
            ),
            models.UniqueConstraint(
                fields=("code",),
                condition=Q(state__in=("booked", "queued", "offered")),
                name="open_appointment_code_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(held_until__isnull=False), name="offered_place_is_held_for_a_time"
            ),
        )
        indexes = (
            models.Index(fields=("slot", "id"), condition=Q(state="queued"), name="appointments_queued"),
            models.Index(fields=("person", "-id"), name="appointments_of_a_person"),
            models.Index(fields=("held_until",), condition=Q(state="offered"), name="appointments_offered"),
        )

    def __str__(self) -> str:
        return f"预约{self.code}"


class Ticket(models.Model):
    """号. Whoever has the smallest `order_at` is called first: when it was taken, earlier by what its priority gives.

    The guid may be made by a kiosk without network, so that telling it twice makes one.
    """

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="tickets")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", help_text="whose letter and number it has")
    queue = models.ForeignKey(Skill, models.PROTECT, related_name="tickets", help_text="where it waits now")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField()
    number = models.PositiveIntegerField()
    priority = models.CharField(max_length=10, choices=Priority.choices, blank=True)
    source = models.CharField(max_length=12, choices=TicketSource.choices)
    state = models.CharField(max_length=10, choices=TicketState.choices, default=TicketState.WAITING)
    taken_at = models.DateTimeField()
    order_at = models.DateTimeField()
    wanted = models.ForeignKey(Counter, models.PROTECT, null=True, blank=True, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, blank=True, related_name="tickets")
    clerk = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)
    served_from = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    foreseen_minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="what the person was told")
    appointment = models.OneToOneField(Appointment, models.PROTECT, null=True, blank=True, related_name="ticket")
    instead_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="again", help_text="a ticket unserved another day"
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="tickets", help_text="filed when served"
    )
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("skill", "day", "number"), name="ticket_number_once_a_day"),
            models.UniqueConstraint(
                fields=("counter",), condition=Q(state__in=("called", "serving")), name="one_ticket_at_a_counter"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("called", "serving"))
                | Q(counter__isnull=False, clerk__isnull=False, called_at__isnull=False),
                name="ticket_is_called_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("queue", "day", "order_at", "id"), condition=Q(state="waiting"), name="tickets_in_turn"
            ),
            models.Index(fields=("queue", "-ended_at"), condition=Q(state="served"), name="tickets_served"),
            models.Index(fields=("hall", "day", "state"), name="tickets_of_a_day"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.skill.letter}{self.number:03d}"

    @property
    def again_code(self) -> str:
        """Derive six digits by which whoever was not served takes a number that goes first."""
        return f"{self.guid.int % 1_000_000:06d}"


class Call(models.Model):
    """叫号: a ticket called to a counter, or once more. Its key is the screens' event id."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="calls")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="calls")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("hall", "-id"), name="calls_of_a_hall"),)


class FirstQuestion(models.Model):
    """首问负责: what somebody asked in one line. Whoever was asked first answers for it until it is answered."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="questions")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="questions")
    text = models.CharField("问了什么", max_length=200)
    contact_sealed = models.BinaryField(default=bytes)
    asked_at = models.DateTimeField()
    asked = models.ForeignKey(User, models.PROTECT, related_name="questions_asked_first", verbose_name="首问人")
    holder = models.ForeignKey(User, models.PROTECT, related_name="questions_held", verbose_name="现在由谁办")
    state = models.CharField(max_length=10, choices=QuestionState.choices, default=QuestionState.OPEN)
    due_on = models.DateField("答复期限")
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at=None) & ~Q(state="answered")
                | Q(answered_at__isnull=False, state="answered") & ~Q(answer=""),
                name="question_answered_with_words",
            ),
        )
        indexes = (
            models.Index(fields=("due_on",), condition=~Q(state="answered"), name="questions_open"),
            models.Index(fields=("hall", "-id"), name="questions_of_a_hall"),
        )

    def __str__(self) -> str:
        return f"首问“{self.text[:20]}”"


class QuestionReferral(models.Model):
    """转交: from whom to whom, until the receiver takes it."""

    question = models.ForeignKey(FirstQuestion, models.CASCADE, related_name="referrals")
    source = models.ForeignKey(User, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(User, models.PROTECT, related_name="questions_referred")
    words = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("question",), condition=Q(taken_at=None), name="one_open_referral_of_a_question"
            ),
        )
