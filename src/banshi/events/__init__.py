"""Domain events: typed facts, appended in the act's transaction, read with cursors by any number of consumers."""

from banshi.events.emitting import Occurrence, emit, emit_many
from banshi.events.kinds import EventData, EventKind, declare

__all__ = ["EventData", "EventKind", "Occurrence", "declare", "emit", "emit_many"]
