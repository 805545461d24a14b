"""Access policies of halls, by the organ that runs one, the person of an appointment, the holder of a question."""

from banshi.access import policies
from banshi.window.models import Appointment, Counter, FirstQuestion, Hall, Skill, Ticket

policies.register(Hall, organs="organ")
policies.register(Skill, organs="hall__organ")
policies.register(Counter, organs="hall__organ")
policies.register(Ticket, organs="hall__organ")
policies.register(Appointment, organs="slot__skill__hall__organ", applicant="person")
policies.register(FirstQuestion, organs="hall__organ", assignee="holder")
