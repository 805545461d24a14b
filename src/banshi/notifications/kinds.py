"""Kinds of notifications: each says when one is sent, its templates in plain Chinese and the page it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from banshi.core.clock import chinese_date


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """`subject` and `body` are `str.format` templates. `page` and `overview` are names of `notifications.links`.

    One who is told several things at once gets one mail, with `digest` as subject and a link to `overview`.
    """

    code: str
    label: str
    subject: str
    body: str
    page: str
    digest: str
    overview: str
    by_sms: bool = False
    """Told to citizens on their phones too, where the office has an SMS gateway."""
    lasts: timedelta | None = None
    """How long it is worth sending by mail or SMS; None: as long as the channel keeps trying."""


SHORT = timedelta(days=3)
"""Of a reminder, which tells how many days are left."""
KINDS: dict[str, NotificationKind] = {}


def register(kind: NotificationKind) -> NotificationKind:
    KINDS[kind.code] = kind
    return kind


def filled(template: str, context: Mapping[str, Any]) -> str:
    """Fill in a template on one line.

    Days are written out.
    """
    words = {name: chinese_date(value) if isinstance(value, date) else value for name, value in context.items()}
    return " ".join(template.format_map(words).split())
