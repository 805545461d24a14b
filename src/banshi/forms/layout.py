"""The layout of a form as a JSON Forms UI schema."""

from collections.abc import Sequence
from typing import Any

from banshi.forms.conditions import condition_schema
from banshi.forms.fields import FieldKind, FormField, groups


def layout(fields: Sequence[FormField]) -> dict[str, Any]:
    """Return a category for each page, and rules with the contract's own conditions."""
    by_key = {field.key: field for field in fields}
    categories = []
    for name, some in groups(fields):
        controls = []
        for field in some:
            control: dict[str, Any] = {"type": "Control", "scope": f"#/properties/{field.key}", "label": field.label}
            if field.kind is FieldKind.LONG_TEXT:
                control["options"] = {"multi": True}
            if field.when and (earlier := by_key.get(field.when.field)):
                shown = {"scope": "#", "schema": condition_schema(field.when, earlier)}
                control["rule"] = {"effect": "SHOW", "condition": shown}
            controls.append(control)
        categories.append({"type": "Category", "label": name, "elements": controls})
    return {"type": "Categorization", "elements": categories}
