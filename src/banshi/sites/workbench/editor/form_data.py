"""Form data of a guide, read from a submitted form or from a guide, and made into a guide again.

A `FormData` tree keeps texts exactly as they were typed, so that what can't be read ("三天" where a number belongs) comes
back to the person, while everything else is saved. Field names are paths (`promised_limit.value`); a row of a table is
known by a token, not by its place (`materials.r2.name`), and the hidden fields `materials.-rows` list the tokens in the
order of the page: moving a row moves its node and renames nothing.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.utils.datastructures import MultiValueDict
from pydantic import BaseModel, ValidationError

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import Element, element_named, elements
from banshi.core.json_types import JsonObject

FormData = JsonObject
"""Element name → str, list of str (choices), Typed (part), or list of Row."""

YES, NO = "1", "0"


@dataclass(slots=True)
class FormRow:
    token: str
    values: FormData


def may_be_unanswered(document: type[BaseModel], element: Element) -> bool:
    """Tell whether a yes/no question has a third answer, 未填."""
    return document.model_fields[element.name].default is None


def blank(document: type[BaseModel]) -> FormData:
    return from_document(document())


def from_document(document: BaseModel) -> FormData:
    return {each.name: _typed(each, getattr(document, each.name)) for each in elements(type(document))}


def _typed(element: Element, value: Any) -> Any:
    match element.kind:
        case "rows":
            return [FormRow(f"r{place}", from_document(row)) for place, row in enumerate(value)]
        case "part":
            return from_document(value)
        case "choices":
            return [str(each) for each in value]
        case "lines":
            return "\n".join(value)
        case "yes_no":
            return "" if value is None else YES if value else NO
        case _:
            return "" if value is None else str(value)


def from_form(data: MultiValueDict[str, str], document: type[BaseModel] = Guide, prefix: str = "") -> FormData:
    return {each.name: _submitted(data, each, prefix + each.name) for each in elements(document)}


def _submitted(data: MultiValueDict[str, str], element: Element, name: str) -> Any:
    match element.kind:
        case "rows":
            tokens = dict.fromkeys(data.getlist(f"{name}.-rows"))
            return [FormRow(token, from_form(data, _inner(element), f"{name}.{token}.")) for token in tokens]
        case "part":
            return from_form(data, _inner(element), f"{name}.")
        case "choices":
            return data.getlist(name)
        case _:
            return data.get(name, "")


def _inner(element: Element) -> type[BaseModel]:
    return cast(type[BaseModel], element.rows)


def to_guide(typed: FormData) -> tuple[Guide, dict[str, str]]:
    """Return the guide that was typed, and for each field that can't be read a sentence that says why.

    A field that can't be read is empty in the guide; a text that is too long is cut there. Rows left wholly empty are
    no rows.
    """
    guide, problems = _with_blank_rows(typed)
    return _without_blank_rows(guide), problems


def to_guide_and_tokens(typed: FormData) -> tuple[Guide, dict[str, list[str]]]:
    """Return the guide that was typed, and for each table the tokens of the rows that are in it."""
    guide, _ = _with_blank_rows(typed)
    tables = {each.name: zip(typed[each.name], getattr(guide, each.name), strict=False) for each in tables_of_guide()}
    tokens = {name: [row.token for row, made in rows if not made.is_blank()] for name, rows in tables.items()}
    return _without_blank_rows(guide), tokens


def _with_blank_rows(typed: FormData) -> tuple[Guide, dict[str, str]]:
    problems: dict[str, str] = {}
    plain = _plain(Guide, typed, "", problems)
    while True:
        try:
            guide = Guide.model_validate(plain)
        except ValidationError as error:
            for fault in error.errors():
                holder, key, name = _place(plain, typed, fault["loc"])
                limit = fault.get("ctx", {}).get("max_length")
                match fault["type"]:
                    case "string_too_long":
                        problems[name] = f"最多{limit}字，现有{len(holder[key].strip())}字；超出的部分没有保存"
                        holder[key] = holder[key].strip()[:limit]
                    case "too_long":
                        problems[name] = f"最多{limit}项，现有{len(holder[key])}项；超出的部分没有保存"
                        holder[key] = holder[key][:limit]
                    case "greater_than_equal":
                        problems[name] = f"不能小于{fault['ctx']['ge']}"
                        holder.pop(key, None)
                    case "less_than_equal":
                        problems[name] = f"不能大于{fault['ctx']['le']}"
                        holder.pop(key, None)
                    case _:
                        problems[name] = "请从给出的选项中选"
                        holder.pop(key, None)
        else:
            return guide, problems


def _plain(document: type[BaseModel], typed: FormData, prefix: str, problems: dict[str, str]) -> JsonObject:
    """Prepare pydantic's input, without elements that are empty, or no number where one belongs."""
    plain = {}
    for each in elements(document):
        value = _read(document, each, typed[each.name], prefix + each.name, problems)
        if value is not None:
            plain[each.name] = value
    return plain


def _read(document: type[BaseModel], element: Element, value: Any, name: str, problems: dict[str, str]) -> Any:
    match element.kind:
        case "rows":
            return [_plain(_inner(element), row.values, f"{name}.{row.token}.", problems) for row in value]
        case "part":
            return _plain(_inner(element), value, f"{name}.", problems)
        case "choices":
            return value
        case "lines":
            return [line.strip() for line in value.splitlines() if line.strip()]
        case "yes_no":
            return None if value == "" and may_be_unanswered(document, element) else value == YES
        case "choice":
            return value or None
        case "number":
            text = unicodedata.normalize("NFKC", value).strip()
            if text and not text.isdecimal():
                problems[name] = f"“{value.strip()[:30]}”不是整数，请只写数字，如 3"
            return int(text[:9]) if text.isdecimal() else None
        case _:
            return value.replace("\r\n", "\n").replace("\x00", "")


def _place(plain: JsonObject, typed: FormData, loc: tuple[int | str, ...]) -> tuple[Any, Any, str]:
    """Return the container and key of the refused value, and its field name."""
    # Past the value itself, `loc` only names types. A refused choice of several (`audience`, 3) is refused as a
    # whole.
    holder: Any = plain
    name: list[str] = []
    document: type[BaseModel] = Guide
    steps = iter(loc)
    for step in steps:
        element = element_named(document, str(step))
        name.append(str(step))
        if element.kind == "part":
            holder, typed, document = holder[step], typed[str(step)], _inner(element)
        elif element.kind == "rows" and (row := next(steps, None)) is not None:
            token = typed[str(step)][row].token
            holder, typed, document = holder[step][row], typed[str(step)][row].values, _inner(element)
            name.append(token)
        else:
            return holder, step, ".".join(name)
    raise ValueError(loc)


def _without_blank_rows(guide: Guide) -> Guide:
    tables = {each.name: [row for row in getattr(guide, each.name) if not row.is_blank()] for each in tables_of_guide()}
    return guide.model_copy(update=tables)


def tables_of_guide() -> Iterator[Element]:
    return (each for each in elements(Guide) if each.kind == "rows")


def rearrange(typed: FormData, act: str) -> str:
    """Do one act of the table buttons, `add:materials`, `remove|up|down:materials:r2`, on `typed`.

    Returns the field name prefix of the row to look at next, "" when the act names nothing that is there (a page two
    people had open, or a made-up request): then nothing changes.
    """
    verb, _, rest = act.partition(":")
    table, _, token = rest.partition(":")
    element = next((each for each in tables_of_guide() if each.name == table), None)
    if element is None:
        return ""
    rows: list[FormRow] = typed[table]
    if verb == "add":
        taken = {row.token for row in rows}
        free = next(each for n in range(len(rows) + 1) if (each := f"n{n}") not in taken)
        rows.append(FormRow(free, blank(_inner(element))))
        return f"{table}.{rows[-1].token}"
    place = next((n for n, row in enumerate(rows) if row.token == token), None)
    if place is None:
        return ""
    row = rows.pop(place)
    if verb == "remove":
        return f"{table}.{rows[min(place, len(rows) - 1)].token}" if rows else table
    target = {"up": place - 1, "down": place + 1}.get(verb, place)
    rows.insert(max(target, 0), row)
    return f"{table}.{row.token}"
