"""A hall of two queues and three counters, with clerks, a manager and people who come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from banshi.access import Visitor
from banshi.calendar.queries import calendar_in_force
from banshi.people.models import Organ, User
from banshi.window import actions
from banshi.window.enums import HalfDay
from banshi.window.hall_file import CounterLine, HallFile, OpeningHours, SkillLine
from banshi.window.models import Appointment, Counter, FirstQuestion, Skill, Ticket
from banshi.window.models import Hall as HallRow
from tests import factories as make
from tests.factories import NOON

HOURS = {"working": [["09:00", "12:00"], ["13:30", "17:00"]], "rest": []}
MORNING = NOON.replace(hour=9, minute=5)
"""Monday 2026-11-23 09:05."""


@dataclass
class Town:
    hall: HallRow
    general: Skill
    social: Skill
    counters: list[Counter]
    clerks: list[User]
    manager: User
    social_organ: Organ
    minutes: int = field(default=0)

    def later(self, minutes: int = 1) -> datetime:
        """A moment after all others."""
        self.minutes += minutes
        return MORNING + timedelta(minutes=self.minutes)

    def ticket(self, skill: Skill | None = None, **more: object) -> Ticket:
        return actions.take_ticket(skill or self.general, by=Visitor(), at=self.later(), **more)  # type: ignore[arg-type]

    def appointment(self) -> Appointment:
        item, person = make.publication(of=make.item(self.hall.organ)).item, make.user()
        before = Appointment.objects.filter(slot__skill=self.general).count() // self.general.morning_places
        days, afternoon = divmod(before, 2)
        day = calendar_in_force().add_working_days(MORNING.date(), 1 + days)
        half = HalfDay.AFTERNOON if afternoon else HalfDay.MORNING
        return actions.book(item, self.hall, day=day, half=half, person=person, by=person, at=self.later())

    def question(self) -> FirstQuestion:
        return actions.record_question(self.hall, text="孩子的医保在哪里办", by=self.clerks[0], at=self.later())

    def sits(self, number: int = 0) -> Counter:
        return actions.open_counter(self.counters[number], by=self.clerks[number], at=self.later())

    def calls(self, number: int = 0) -> Ticket | None:
        return actions.call_next(self.counters[number], by=self.clerks[number], at=self.later())


def town(office: Organ | None = None, code: str = "center") -> Town:
    office = office or make.organ("示例县政务服务管理局")
    social_organ = make.organ("示例县人力资源和社会保障局", division=office.division)
    hall = HallRow.objects.create(
        code=code, name="示例县政务服务中心", organ=office, address="示例路1号", phone="0000-0000001", hours=HOURS
    )
    general = Skill.objects.create(
        hall=hall, letter="A", name="综合受理", minutes=10, morning_places=2, afternoon_places=2
    )
    social = Skill.objects.create(hall=hall, letter="B", name="社会保障", minutes=20)
    social.organs.add(social_organ)
    counters = []
    for number, skills in enumerate([[general], [general, social], [social]], 1):
        counter = Counter.objects.create(hall=hall, number=number)
        counter.skills.set(skills)
        counters.append(counter)
    clerks = [make.user("window", office) for _ in counters]
    return Town(hall, general, social, counters, clerks, make.user("hall_manager", office), social_organ)


def a_file() -> HallFile:
    """The file of a hall of an organ in the county of the tests."""
    return HallFile(
        code="other",
        name="示例县第二大厅",
        organ=make.organ().name,
        address="示例路2号",
        hours=OpeningHours(working=(("09:00", "12:00"),)),
        skills=(SkillLine(letter="A", name="综合受理"),),
        counters=(CounterLine(number=1, skills=("A",)),),
    )
