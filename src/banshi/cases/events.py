"""Events of cases: applications handed in, lawful acts, steps opened and done, clocks set."""

from banshi.cases.models import Application, Case
from banshi.events import EventData, declare
from banshi.events.subjects import register_subject

register_subject(Application, organ="publication__item__organ", item="publication__item")
register_subject(Case, organ="organ", item="item")


class ActData(EventData):
    """`act` is a code of `enums.ActKind`, `effective_on` an ISO date, `count` of materials, days or organs where it has some.

    `clock` and what is due are the case's as the act leaves them; a stop that begins or ends is followed by CLOCK_SET.
    Of a decision, `left` are the days of its limit that were left (less than nought: late), `used` and `promised` those it
    took and might take.
    """

    act: str
    effective_on: str
    count: int = 0
    clock: str = ""
    due_rank: int | None = None
    due_day: str = ""
    left: int | None = None
    used: int | None = None
    promised: int | None = None


class TaskData(EventData):
    """`organ` is the key of the organ that has the step, `left` the working days left of its own limit, where it has one."""

    task: int
    step: str
    organ: int
    left: int | None = None


class ClockData(EventData):
    """`due_rank` is the working day it ends on, `due_day` the day where natural days count. Without both it stands still."""

    clock: str
    due_rank: int | None = None
    due_day: str = ""


class RefusedData(EventData):
    """An act that was asked for and may not be."""

    act: str
    reason: str


class DisputeData(EventData):
    """A correction request (更正): `fields` of the form that `source` has filled in, and the CaseAct `act` that says what is right.

    `stated` is its sealed content in hex, which `cases.sealing` opens as {"words": …}.
    """

    act: int
    fields: list[str]
    source: str
    stated: str


ACTED = declare("cases.acted", "办件的法定行为", ActData)
TASK_OPENED = declare("cases.task_opened", "环节开始", TaskData)
TASK_DONE = declare("cases.task_done", "环节办结", TaskData)
CLOCK_SET = declare("cases.clock_set", "期限变动", ClockData)
ACT_REFUSED = declare("cases.act_refused", "不合法的行为被拒绝", RefusedData)
VALUE_DISPUTED = declare("cases.value_disputed", "申请更正登记的信息", DisputeData)
