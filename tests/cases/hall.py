"""A bureau that handles cases, with its people, a citizen, and cases brought to any state by the real actions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from banshi.calendar.actions import read_arrangements
from banshi.calendar.models import CalendarDay, CalendarYear
from banshi.cases.actions import (
    accept,
    attach_material,
    decide,
    finish_task,
    open_stop,
    save_answers,
    start_application,
    submit,
)
from banshi.cases.enums import PromiseKind
from banshi.cases.models import Application, Case, CaseOutcome, CaseTask, ClockStop, CreditEntry, Promise
from banshi.catalog.enums import ItemKind, Necessity, StepKind
from banshi.catalog.guide.document import Guide, Material, Step, TimeLimit
from banshi.catalog.models import Item, Publication
from banshi.core.clock import CHINA
from banshi.people.models import Organ, User
from tests import factories as make

ANSWERS = {
    "applying_as": "为自己办",
    "applicant_name": "林小例",
    "applicant_number": "530102199003071211",
    "phone": "13800000000",
}
"""What every form asks."""
LONG_AGO = datetime(2025, 1, 6, 9, 0, tzinfo=CHINA)


def moment(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """`09-18`: a day of 2026."""
    return datetime.combine(date.fromisoformat(f"2026-{day}" if len(day) == 5 else day), time(hour, minute), CHINA)


def a_guide(name: str = "取水许可", days: int | None = 20, **more: Any) -> Guide:
    """With two papers, three steps, and a limit in working days."""
    filled: dict[str, Any] = {
        "materials": [Material(name="取水申请书"), Material(name="水资源论证报告")],
        "steps": [
            Step(name="受理", kind=StepKind.ACCEPT),
            Step(name="审查", kind=StepKind.EXAMINE, limit=TimeLimit(value=3)),
            Step(name="决定", kind=StepKind.DECIDE),
            Step(name="送达", kind=StepKind.DELIVER),
        ],
        "promised_limit": TimeLimit(value=days) if days is not None else TimeLimit(text="另行规定"),
        "statutory_limit": TimeLimit(value=days) if days is not None else TimeLimit(),
    }
    return make.guide(name, **{**filled, **more})


@dataclass
class Hall:
    """`bureau` handles what `citizen` applies for; the people of its desk."""

    bureau: Organ
    citizen: User
    window: User
    handler: User
    head: User
    publication: Publication
    others: list[Organ] = field(default_factory=list)

    @property
    def item(self) -> Item:
        return self.publication.item

    @property
    def guide(self) -> Guide:
        return self.publication.revision.guide


def calendars() -> None:
    """Enter the shipped arrangements of years that have none. As rows, since most tests of handling begin with them."""
    there = set(CalendarYear.objects.values_list("year", flat=True))
    years = {year: days for year, days in shipped_years().items() if year.year not in there}
    CalendarDay.objects.bulk_create([day for days in years.values() for day in days])
    CalendarYear.objects.bulk_create(years)


@cache
def shipped_years() -> dict[CalendarYear, tuple[CalendarDay, ...]]:
    return {
        CalendarYear(year=each.year, complete=True, source=each.source, changed_at=LONG_AGO): each.days
        for each in read_arrangements(Path(settings.DATA) / "calendars")
    }


def hall(text: Guide | None = None, kind: str = ItemKind.LICENCE, **more: Any) -> Hall:
    calendars()
    bureau = make.organ("示例县水利局", short_name="水利局")
    item = make.item(bureau, text or a_guide(**more), kind=kind)
    return Hall(
        bureau,
        citizen=make.user(full_name="林小例", phone="13800000000"),
        window=make.user("window", bureau, full_name="郑窗口"),
        handler=make.user("handler", bureau, full_name="孙办理"),
        head=make.user("head", bureau, full_name="周负责"),
        publication=make.publication(item, at=LONG_AGO),
    )


def filled(
    of: Hall,
    at: datetime,
    positions: Sequence[int] | None = None,
    renews: CaseOutcome | None = None,
    **answers: Any,
) -> Application:
    """A draft with every paper handed in, or those named."""
    application = start_application(of.item, renews=renews, by=of.citizen, at=at)
    application = save_answers(application, {**ANSWERS, **answers}, by=of.citizen, at=at)
    wanted = range(len(of.guide.materials)) if positions is None else positions
    for position in wanted:
        attach_material(application, position, None, source="测试", by=of.citizen, at=at)
    return application


def submitted(of: Hall, at: datetime, **more: Any) -> Case:
    application = filled(of, at, **more)
    return submit(application, key=application.key, by=of.citizen, at=at)


def accepted(of: Hall, at: datetime, **more: Any) -> Case:
    return accept(submitted(of, at, **more), by=of.window, at=at)


def open_tasks(case: Case) -> list[CaseTask]:
    return list(CaseTask.objects.filter(case=case, ending="").select_related("organ").order_by("id"))


def examined(of: Hall, case: Case, at: datetime) -> Case:
    """With every step before the decision done."""
    while (tasks := open_tasks(case)) and tasks[0].kind != StepKind.DECIDE:
        for task in tasks:
            finish_task(task, by=make.user("handler", task.organ), at=at)
    return fresh(case)


def granted(of: Hall, at: datetime, **more: Any) -> CaseOutcome:
    return decide(examined(of, accepted(of, at), at), granted=True, by=of.head, at=at, **more)


def stopped(of: Hall, at: datetime) -> ClockStop:
    return open_stop(accepted(of, at), procedure="听证", expected_days=5, by=of.handler, at=at)


def committed(of: Hall, at: datetime) -> Promise:
    """A commitment of a case that was submitted."""
    application = filled(of, at)
    given = {"application": application, "kind": PromiseKind.COMMITMENT, "position": 1, "name": "证明"}
    promise = Promise.objects.create(**given, offered_at=at, agreed_at=at)
    submit(application, key=application.key, by=of.citizen, at=at)
    return promise


def discredited(of: Hall, at: datetime) -> CreditEntry:
    return CreditEntry.objects.create(user=of.citizen, promise=committed(of, at), ground="承诺不实", entered_at=at)


def fresh(case: Case) -> Case:
    return Case.objects.select_related("item", "organ", "publication__revision", "application").get(pk=case.pk)


def later(name: str, **more: Any) -> Material:
    """A minor paper that may come afterwards."""
    return Material(name=name, necessity=Necessity.LATER, **more)
