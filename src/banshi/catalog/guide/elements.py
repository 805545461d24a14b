"""Declaration of the guide's elements, made once for every reader.

From `element(...)` come the edit form, the public page, the print, the API schema, the completeness rule, the
difference between revisions, the spreadsheet columns and the exchange fields.
"""

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union

from django.db.models import TextChoices
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from banshi.core.json_types import JsonObject

LONG = 20_000
LINE = 300

Kind = Literal["line", "text", "number", "yes_no", "choice", "choices", "lines", "rows", "part"]


class Need(StrEnum):
    """Levels of need for an element."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


@dataclass(frozen=True, slots=True)
class Element:
    """One declared element of a document.

    `kind` says how it is edited and shown; `choices` is its code table, `rows` the model of one row (kind "rows")
    or of the nested part (kind "part"); `standard` is the field of the exchange table (C0111) or the standard;
    `file` says that the line is the guid of a stored file.
    """

    name: str
    label: str
    help: str
    section: str
    kind: Kind
    need: Need
    standard: str
    choices: type[TextChoices] | None
    rows: type[BaseModel] | None
    aliases: tuple[str, ...]
    file: bool = False


class GuidePart(BaseModel):
    """A part of the guide. Unknown fields are kept out loudly. White space at the ends means nothing."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, validate_assignment=True)

    def is_blank(self) -> bool:
        return self == type(self)()


def _in_table_order(values: list[TextChoices]) -> list[TextChoices]:
    table = {each: place for place, each in enumerate(type(values[0]))} if values else {}
    return sorted(set(values), key=table.__getitem__)


Chosen = TypeVar("Chosen", bound=TextChoices)
ChoiceSet = Annotated[list[Chosen], AfterValidator(_in_table_order)]
"""Several choices of a code table, in its order however they were given, so that two orders are no difference."""


def element(
    label: str,
    *,
    default: object = "",
    section: str = "",
    help: str = "",
    need: Need = Need.MAY,
    long: bool = False,
    standard: str = "",
    aliases: tuple[str, ...] = (),
    file: bool = False,
    **limits: Any,
) -> Any:
    """Declare an element.

    `default` may be a class (list, TimeLimit) to be called for each new document.
    """
    meta: Any = {
        "x-banshi": {
            "section": section,
            "need": need.value,
            "long": long,
            "standard": standard,
            "aliases": aliases,
            "file": file,
        }
    }
    start: JsonObject = {"default_factory": default} if isinstance(default, type) else {"default": default}
    if default == "" and "max_length" not in limits:
        limits["max_length"] = LONG if long else LINE
    return Field(title=label, description=help, json_schema_extra=meta, **start, **limits)


@cache
def elements(document: type[BaseModel]) -> tuple[Element, ...]:
    """Return the declared elements of a document, in the order they are shown."""
    hints = typing.get_type_hints(document)
    return tuple(_element(name, hints[name], field) for name, field in document.model_fields.items())


def element_named(document: type[BaseModel], name: str) -> Element:
    return next(each for each in elements(document) if each.name == name)


def sectioned(document: type[BaseModel], section: str) -> Iterator[Element]:
    return (each for each in elements(document) if each.section == section)


def _element(name: str, hint: Any, field: FieldInfo) -> Element:
    extra: Any = field.json_schema_extra or {}
    meta = extra.get("x-banshi", {})
    kind, inner = _kind(hint, meta.get("long", False))
    return Element(
        name=name,
        label=field.title or name,
        help=field.description or "",
        section=meta.get("section", ""),
        kind=kind,
        need=Need(meta.get("need", "may")),
        standard=meta.get("standard", ""),
        choices=inner if inner and issubclass(inner, TextChoices) else None,
        rows=inner if inner and issubclass(inner, BaseModel) else None,
        aliases=tuple(meta.get("aliases", ())),
        file=meta.get("file", False),
    )


def _kind(hint: Any, long: bool) -> tuple[Kind, type[object] | None]:
    hint = _without_none(hint)
    if typing.get_origin(hint) is list:
        inner = typing.get_args(hint)[0]
        if isinstance(inner, type) and issubclass(inner, TextChoices):
            return "choices", inner
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return "rows", inner
        return "lines", None
    if hint is bool:
        return "yes_no", None
    if hint in (int, float):
        return "number", None
    if isinstance(hint, type) and issubclass(hint, TextChoices):
        return "choice", hint
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return "part", hint
    return ("text" if long else "line"), None


def _without_none(hint: Any) -> object:
    """Strip `None` and `Literal[""]` from a union, since X is what is edited."""
    # So is a list whose length is limited by Annotated.
    if typing.get_origin(hint) is typing.Annotated:
        return _without_none(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (Union, types.UnionType):
        return next(a for a in typing.get_args(hint) if a is not type(None) and typing.get_origin(a) is not Literal)
    return hint
