"""Working days: `reckoning` counts, `queries` loads the calendar in force, `actions` changes it."""

from banshi.core.calendar.queries import calendar_in_force, years_without_arrangement
from banshi.core.calendar.reckoning import Deadline, LimitUnit, WorkingCalendar

__all__ = ["Deadline", "LimitUnit", "WorkingCalendar", "calendar_in_force", "years_without_arrangement"]
