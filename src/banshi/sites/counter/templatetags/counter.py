"""One line to type at the counter, with what was typed and what is wrong with it."""

from typing import Any

from django import template
from django.template.context import Context

register = template.Library()


@register.inclusion_tag("counter/line.html", takes_context=True)
def line(
    context: Context,
    key: str,
    label: str,
    *,
    kind: str = "text",
    help: str = "",
    optional: bool = False,
    focus: bool = False,
) -> dict[str, Any]:
    """Render a line from `typed` and `told` of the page, values and what is wrong, by key."""
    typed, told = context.get("typed") or {}, context.get("told") or {}
    return {
        "key": key,
        "label": label,
        "kind": kind,
        "help": help,
        "optional": optional,
        "focus": focus,
        "value": "" if kind == "file" else typed.get(key, ""),
        "error": told.get(key, ""),
    }
