"""Registry of event kinds: each has a Chinese label and a pydantic model of its data."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class EventData(BaseModel):
    """Payload of an event. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class EventKind:
    code: str
    label: str
    data: type[EventData]
    retired: bool = False


KINDS: dict[str, EventKind] = {}


def declare(code: str, label: str, data: type[EventData] = EventData, *, retired: bool = False) -> EventKind:
    """Register a kind.

    Old events stay readable, so fields are only added and kinds are only retired.
    """
    if code in KINDS:
        raise ValueError(f"{code} is declared twice")
    KINDS[code] = EventKind(code, label, data, retired)
    return KINDS[code]
