"""What the pages of the workbench say in many places."""

from typing import Any
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import element_named
from banshi.catalog.guide.sentences import brief
from banshi.catalog.models import Item, Publication
from banshi.cleanup.enums import Severity
from banshi.sites.kit.templatetags.kit import cn_day, status
from banshi.workflow.definition import workflow

register = template.Library()
TONES = {
    "active": ("good", "check-circle-fill"),
    "suspended": ("warn", "pause-circle-fill"),
    "cancelled": ("bad", "x-circle-fill"),
    "merged": ("info", "sign-merge-left-fill"),
}


@register.simple_tag
def item_state(item: Item) -> SafeString:
    """The state in the words of the workflow, with its sign."""
    tone, sign = TONES.get(item.state, ("", "circle"))
    return status(workflow("item").states[item.state].label, tone, sign)


@register.simple_tag
def in_public(item: Item) -> SafeString:
    """Whether people can see a guide now. `item` with its listing at hand."""
    if hasattr(item, "listing"):
        return status("已公布", "good", "globe2")
    return status("未公布", "", "eye-slash")


@register.simple_tag
def completeness_mark(percent: int) -> SafeString:
    return status(
        f"{percent}%",
        "good" if percent == 100 else "warn",
        "check-circle-fill" if percent == 100 else "hourglass-split",
    )


@register.simple_tag
def severity_mark(severity: Severity) -> SafeString:
    tone, sign = {
        Severity.MUST: ("bad", "x-octagon-fill"),
        Severity.SHOULD: ("warn", "exclamation-triangle-fill"),
    }.get(severity, ("info", "info-circle-fill"))
    return status(severity.label, tone, sign)


@register.simple_tag
def severity_word(code: str) -> SafeString:
    """The mark of a severity as it is stored."""
    return severity_mark(Severity(code))


@register.simple_tag
def crumbs(url_name: str, word: str, item: Item | None = None, last: str = "") -> SafeString:
    """列表 › 事项 › 这一页."""
    steps = [(reverse(url_name), word)]
    if item is not None:
        steps.append((reverse("workbench:item", args=[item.guid]), item.name[:30] or "（未命名事项）"))
    if last:
        steps.append(("", last))
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))


@register.filter
def field_id(name: str) -> str:
    """The id of a field of the guide's form."""
    return name.replace(".", "-")


@register.filter
def saved_id(path: str) -> str:
    """The id of the field at a path of the saved guide: rows there are numbered (materials.2.name)."""
    return "-".join(f"r{part}" if part.isdecimal() else part for part in path.split("."))


@register.filter
def field_label(name: str) -> str:
    """办理时限 › 数, 申请材料 › 份数: a field's name in words."""
    document: Any = Guide
    words = []
    for part in name.split("."):
        if part in document.model_fields:
            element = element_named(document, part)
            words.append(element.label)
            document = element.rows or document
    return " › ".join(words)


@register.simple_tag
def file_link(value: str) -> SafeString:
    """A link to a stored file, when `value` is the number of one."""
    try:
        address = reverse("workbench:file", args=[UUID(value)])
    except ValueError:
        return SafeString("")
    return format_html('<a data-kept-link href="{}">已上传，点此查看</a>', address)


@register.simple_tag
def chosen_options(filters: Any, name: str, options: list[tuple[str, str]]) -> SafeString:
    """The options of one filter, the asked one chosen."""
    asked = getattr(filters, name)
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if value == asked else "", label) for value, label in options),
    )


@register.simple_tag
def version_span(publication: Publication) -> str:
    """2026年1月5日起，现行 · 2025年3月1日—2026年1月5日，被新版本替代."""
    if publication.until is None:
        return f"{cn_day(publication.since)}起，现行"
    return f"{cn_day(publication.since)}—{cn_day(publication.until)}，{publication.get_ending_display()}"


@register.inclusion_tag("workbench/parts/guide_brief.html")
def guide_brief(guide: Guide) -> dict[str, Any]:
    """What the public answer card will say."""
    return {"lines": brief(guide)}


FLOW_TONES = {
    "preparing": ("", "hourglass"),
    "running": ("info", "play-circle-fill"),
    "publishing": ("info", "megaphone-fill"),
    "finished": ("good", "check-circle-fill"),
    "stopped": ("bad", "stop-circle-fill"),
    "reviewing": ("info", "eye-fill"),
    "returned": ("warn", "arrow-return-left"),
    "disputed": ("warn", "question-circle-fill"),
    "agreed": ("good", "check-circle"),
    "decided": ("good", "check-circle-fill"),
    "refused": ("bad", "x-circle-fill"),
    "published": ("good", "globe2"),
    "ended": ("bad", "x-circle"),
    "left": ("", "box-arrow-right"),
}


@register.simple_tag
def flow_state(code: str, state: str) -> SafeString:
    """A state in the words of its workflow, with its sign."""
    tone, sign = FLOW_TONES.get(state, ("", "circle"))
    return status(workflow(code).states[state].label, tone, sign)


@register.simple_tag
def state_count(row: Any, state: str) -> str:
    """How many of a board's row stand in a state; nought is left out, so that figures stand out."""
    return str(row.states.get(state) or "")


@register.simple_tag
def campaign_crumbs(campaign: Any, last: str) -> SafeString:
    """清理规范工作 › 这项工作 › 这一页."""
    steps = [(reverse("workbench:campaigns"), "清理规范工作")]
    steps += [(reverse("workbench:campaign", args=[campaign.guid]), campaign.name[:30]), ("", last)]
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))


@register.simple_tag
def report_crumbs(unit: Any, last: str = "") -> SafeString:
    """上报 › 这个单位 › 这一页."""
    steps = [(reverse("workbench:reports"), "上报")]
    steps += [(reverse("workbench:report", args=[unit.pk]), unit.organ.called), *([("", last)] if last else [])]
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))


@register.filter
def last_of(rows: Any) -> Any:
    """The last of rows already at hand."""
    return list(rows)[-1] if rows else None
