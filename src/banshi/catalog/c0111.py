"""A change as a row of the exchange table (C0111, up_task_public_basic): the field names upper platforms take in.

A guide element goes out under the `standard` it declares; limits split into day, type and explanation as the table has
them; values of several choices are joined by a comma; times are Beijing's, `YYYY-MM-DD HH:MM:SS`.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import TextChoices

from banshi.catalog.guide.document import Guide, TimeLimit
from banshi.catalog.guide.elements import Element, elements
from banshi.catalog.guide.plain_language import limit_words
from banshi.catalog.guide.text import element_text
from banshi.catalog.identity import identity_of
from banshi.catalog.models import Change, Publication
from banshi.core.clock import CHINA

STATES = {"active": "1", "suspended": "2"}
CANCELLED = "3"


def exchange_row(change: Change) -> dict[str, str]:
    """Write all fields as text, as the table has them.

    A change that took an item down carries no guide.
    """
    publication = change.publication
    told = {}
    if publication is not None and publication.ending != Publication.Ending.IN_ERROR:
        guide = publication.revision.guide
        for element in elements(Guide):
            value = getattr(guide, element.name)
            if element.standard and isinstance(value, TimeLimit):
                stem = element.standard.removesuffix("_day")
                told[f"{stem}_day"] = "0" if value.immediate else _plain(value.value)
                told[f"{stem}_type"] = value.unit
                told[f"{stem}_explain"] = value.text or limit_words(value)
            elif element.standard:
                told[element.standard] = _text(guide, element)
    feed = {
        "row_guid": str(change.item.guid),
        "cd_batch": change.batch,
        "cd_operation": change.operation,
        "cd_time": _time(change.at),
        "data_source": settings.SITE_URL,
    }
    then = publication.identified if publication else identity_of(change.item)
    identity = {
        "task_type": then.kind,
        "catalog_code": change.item.base_code,
        "task_code": then.code,
        "dept_name": change.item.organ.name,
        "dept_code": change.item.organ.uscc,
        "task_state": STATES.get(change.item.state, CANCELLED),
    }
    if publication is None:
        version = {}
    else:
        version = {
            "task_version": str(publication.number),
            "plan_effective_date": _time(publication.since),
            "plan_cancel_date": _time(publication.until),
        }
    return {**told, **identity, **version, **feed}


def _text(guide: Guide, element: Element) -> str:
    value = getattr(guide, element.name)
    if element.choices:
        return ",".join(value) if isinstance(value, list) else _plain(value)
    return _plain(value) if isinstance(value, bool | int | None) else element_text(guide, element)


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case TextChoices():
            return str(value.value)
    return str(value)


def _time(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") if at else ""
