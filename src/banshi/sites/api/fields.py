"""Kinds of parameters that several addresses take, with the limits the OpenAPI description states."""

from datetime import date, datetime
from re import IGNORECASE, fullmatch
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from banshi.core.clock import CHINA

BIGGEST = 2**63 - 1
EARLIEST, LATEST = date(1949, 10, 1), date(2999, 12, 31)


def _written_out(text: object) -> object:
    """Refuse moments that are not RFC 3339 as the description says."""
    # Pydantic would take seconds since 1970 and bare dates for a time too.
    if isinstance(text, str) and not fullmatch(r"\d{4}-\d\d-\d\d(T.+)?", text, IGNORECASE):
        raise ValueError("RFC 3339")
    return text


def _with_time(text: object) -> object:
    if isinstance(text, str) and len(text) <= len("2026-11-23"):
        raise ValueError("RFC 3339")
    return _written_out(text)


def _within(day: date) -> date:
    """Bring days no database need compare to the nearest one it can."""
    return min(max(day, EARLIEST), LATEST)


def _aware(at: datetime) -> datetime:
    """Read a time without an offset as China's."""
    # One beyond all records is brought to the nearest.
    at = at if at.tzinfo else at.replace(tzinfo=CHINA)
    nearest = _within(at.date())
    return at if nearest == at.date() else datetime(nearest.year, nearest.month, nearest.day, tzinfo=CHINA)


# SkipJsonSchema: a query parameter is left out, it is never null.
Left = SkipJsonSchema[None]
Number = Annotated[int, Field(ge=1, le=BIGGEST)]
After = Annotated[int, Field(ge=0, le=BIGGEST, description="上一页回答里的 next；从头开始填 0")]
Limit = Annotated[int, Field(ge=1, le=200, description="每页行数")]
CaseNumber = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{1,9}-[0-9]{6,9}$", description="办件编号")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="公布版本")]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,30}$")]
DivisionCode = Annotated[str, Field(pattern=r"^[0-9]{2,12}$", description="行政区划代码；含其下级")]
Day = Annotated[date, BeforeValidator(_written_out), AfterValidator(_within)]
Moment = Annotated[
    datetime, BeforeValidator(_with_time), AfterValidator(_aware), Field(description="RFC 3339；不带时区的按北京时间")
]
