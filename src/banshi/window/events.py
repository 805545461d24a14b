"""Events of the hall: tickets, appointments, questions asked."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.window.models import Appointment, FirstQuestion, Ticket

register_subject(Ticket, organ="hall__organ", item="item")
register_subject(Appointment, organ="slot__skill__hall__organ", item="item")
register_subject(FirstQuestion, organ="hall__organ")


class TicketData(EventData):
    """`counter` is the key of the counter, `waited` and `served` are seconds."""

    hall: int
    skill: int
    counter: int | None = None
    waited: int | None = None
    served: int | None = None


class AppointmentData(EventData):
    hall: int
    day: str
    half: str


class QuestionData(EventData):
    """`holder` is the key of the account that has it now, `asked` of the one who was asked first."""

    hall: int
    asked: int
    holder: int
    due_on: str


TICKET_TAKEN = declare("window.ticket_taken", "取号", TicketData)
TICKET_CALLED = declare("window.ticket_called", "叫号", TicketData)
TICKET_ENDED = declare("window.ticket_ended", "号办完、过号或离开", TicketData)
TICKET_UNSERVED = declare("window.ticket_unserved", "闭厅时没有办到", TicketData)
BOOKED = declare("window.booked", "预约", AppointmentData)
BOOKING_ENDED = declare("window.booking_ended", "预约取消、到场或没有来", AppointmentData)
QUESTION_ASKED = declare("window.question_asked", "首问登记", QuestionData)
QUESTION_REFERRED = declare("window.question_referred", "首问转交", QuestionData)
QUESTION_ANSWERED = declare("window.question_answered", "首问答复", QuestionData)
QUESTION_OVERDUE = declare("window.question_overdue", "首问逾期", QuestionData)
