"""Registry of event subjects: the paths from a row to the organ and the item it concerns."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import models

SELF = "self"
"""The path of a subject that is itself the organ, the item."""


class Keys(NamedTuple):
    organ: int | None
    item: int | None


class Paths(NamedTuple):
    organ: str
    item: str


SUBJECTS: dict[type[models.Model], Paths] = {}


def register_subject(model: type[models.Model], *, organ: str, item: str = "") -> None:
    """Let events be emitted about rows of this model.

    Paths as in queries: `item__organ`, or SELF. "" where there is none.
    """
    SUBJECTS[model] = Paths(organ, item)


def keys_of(subjects: Sequence[models.Model]) -> list[Keys]:
    """List keys of organ and item, subject by subject.

    One query for all where what is loaded does not tell.
    """
    model = type(subjects[0])
    if model not in SUBJECTS:
        raise LookupError(f"no events are emitted about {model._meta.label}: register it as a subject")
    paths = SUBJECTS[model]
    try:
        return [Keys(*(_loaded(path, each) for path in paths)) for each in subjects]
    except _NotLoaded:
        pass
    columns = [path for path in paths if path not in ("", SELF)]
    rows = model._default_manager.filter(pk__in=[each.pk for each in subjects]).values("pk", *columns)
    found: dict[Any, dict[str, Any]] = {row["pk"]: {"": None, SELF: row["pk"], **row} for row in rows}
    return [Keys(*(found[each.pk][path] for path in paths)) for each in subjects]


class _NotLoaded(Exception):
    """A relation on the path would cost a query."""


def _loaded(path: str, subject: Any) -> Any:
    if path in ("", SELF):
        return subject.pk if path else None
    *steps, last = path.split("__")
    for step in steps:
        if not subject._meta.get_field(step).is_cached(subject):
            raise _NotLoaded
        subject = getattr(subject, step)
        if subject is None:
            return None
    return getattr(subject, subject._meta.get_field(last).attname)
