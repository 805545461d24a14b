"""The guide's form, built from the declarations of its elements: nothing here knows any single element by name.

A `Control` is one field as a template shows it; a table (kind "rows") holds its rows and a blank one to copy.
"""

from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel

from banshi.catalog.guide.document import SECTIONS, Guide
from banshi.catalog.guide.elements import Element, Need, elements
from banshi.sites.workbench.editor.form_data import NO, YES, FormData, FormRow, blank, may_be_unanswered

TEMPLATES = {
    "line": "workbench/editor/controls/line.html",
    "text": "workbench/editor/controls/text.html",
    "number": "workbench/editor/controls/number.html",
    "yes_no": "workbench/editor/controls/yes_no.html",
    "choice": "workbench/editor/controls/choice.html",
    "choices": "workbench/editor/controls/choices.html",
    "lines": "workbench/editor/controls/lines.html",
    "rows": "workbench/editor/controls/rows.html",
    "part": "workbench/editor/controls/part.html",
}
FILE_TEMPLATE = "workbench/editor/controls/file.html"
GROUPED = {"choices", "part", "rows"}
BLANK_MARK = "--new--"
"""Stands for a row's token in the blank row that scripts copy."""
OPEN_ROW_AT_MOST = 4
"""Rows with more elements than this are folded to their first element and a summary."""


@dataclass(slots=True)
class Control:
    element: Element
    name: str
    value: Any
    error: str
    options: list[tuple[str, str, bool]] = field(default_factory=list)
    parts: list["Control"] = field(default_factory=list)
    rows: list["RowControl"] = field(default_factory=list)
    blank_row: "RowControl | None" = None

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def template(self) -> str:
        return FILE_TEMPLATE if self.element.file else TEMPLATES[self.element.kind]

    @property
    def boxed(self) -> bool:
        """One box to tick, which is its own label."""
        return self.element.kind == "yes_no" and len(self.options) == 1

    @property
    def grouped(self) -> bool:
        """Several inputs under one label."""
        return self.element.kind in GROUPED or (self.element.kind == "yes_no" and not self.boxed)

    @property
    def described(self) -> str:
        """List the ids for `aria-describedby`."""
        return " ".join([f"{self.id}-help"] * bool(self.element.help) + [f"{self.id}-error"] * bool(self.error))

    @property
    def must(self) -> bool:
        return self.element.need is Need.MUST

    @property
    def should(self) -> bool:
        return self.element.need is Need.SHOULD

    @property
    def has_error(self) -> bool:
        return bool(self.error) or any(each.has_error for each in self.parts)


@dataclass(slots=True)
class RowControl:
    """One row of a table: `title` is what its first element says, `note` what else one needs to know it by."""

    prefix: str
    token: str
    controls: list[Control]
    number: int = 0

    @property
    def id(self) -> str:
        return self.prefix.replace(".", "-")

    @property
    def title(self) -> str:
        return str(self.controls[0].value)

    @property
    def note(self) -> str:
        """List the chosen options and ticked boxes in short (必要 · 原件 · 免交(部门共享))."""
        chosen = [label for each in self.controls for value, label, on in each.options if on and value not in ("", NO)]
        return " · ".join(chosen)

    @property
    def folds(self) -> bool:
        return len(self.controls) > OPEN_ROW_AT_MOST

    @property
    def opened(self) -> bool:
        return not self.title or any(each.has_error for each in self.controls)


@dataclass(slots=True)
class SectionControl:
    code: str
    label: str
    controls: list[Control]


def sections(typed: FormData, problems: dict[str, str]) -> list[SectionControl]:
    """Return the whole form, section by section.

    `problems` says per field name why it could not be read.
    """
    made = {each.name: _control(Guide, each, typed[each.name], each.name, problems) for each in elements(Guide)}
    return [
        SectionControl(code, label, [each for each in made.values() if each.element.section == code])
        for code, label in SECTIONS.items()
    ]


def _control(document: type[BaseModel], element: Element, value: Any, name: str, problems: dict[str, str]) -> Control:
    control = Control(element, name, value, problems.get(name, ""))
    match element.kind:
        case "rows":
            inner = cast(type[BaseModel], element.rows)
            control.rows = [_row(inner, row, name, problems, place) for place, row in enumerate(value, 1)]
            control.blank_row = _row(inner, FormRow(BLANK_MARK, blank(inner)), name, {})
        case "part":
            control.parts = _controls(cast(type[BaseModel], element.rows), value, name, problems)
        case "choice" | "choices":
            # List options as (value, label, chosen).
            # A single choice that may stay empty begins with an empty option.
            chosen = {value} if isinstance(value, str) else set(value)
            choices = (
                [(str(code), str(label), code in chosen) for code, label in element.choices.choices]
                if element.choices
                else []
            )
            empty = element.kind == "choice" and document.model_fields[element.name].default == ""
            control.options = [("", "未选", "" in chosen), *choices] if empty else choices
        case "yes_no":
            # Offer 是/否/未填 where there may be no answer.
            # Else one box with the element's own label.
            if may_be_unanswered(document, element):
                control.options = [(YES, "是", value == YES), (NO, "否", value == NO), ("", "未填", value == "")]
            else:
                control.options = [(YES, element.label, value == YES)]
    return control


def _controls(document: type[BaseModel], typed: FormData, prefix: str, problems: dict[str, str]) -> list[Control]:
    return [
        _control(document, each, typed[each.name], f"{prefix}.{each.name}", problems) for each in elements(document)
    ]


def _row(document: type[BaseModel], row: FormRow, table: str, problems: dict[str, str], number: int = 0) -> RowControl:
    prefix = f"{table}.{row.token}"
    return RowControl(prefix, row.token, _controls(document, row.values, prefix, problems), number)
