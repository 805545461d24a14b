"""Template tags shared by pages of the workbench."""

import re
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from banshi.access import roles
from banshi.adjustments.models import Adjustment, AdjustmentOpinion
from banshi.adjustments.permissions import desk_of
from banshi.campaigns.models import Campaign, Participation
from banshi.campaigns.progress import ProgressRow
from banshi.cases.models import Case, CaseAct
from banshi.cases.sealing import CONTENT, opened
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import element_named
from banshi.catalog.guide.plain_language import brief
from banshi.catalog.models import Item, Publication, ReferenceItem
from banshi.law.models import Law
from banshi.rulebook.enums import Severity
from banshi.sites.kit.templatetags.kit import cn_day, status
from banshi.workflow.versions import state_of, states_of

register = template.Library()
TONES = {
    "active": ("good", "check-circle-fill"),
    "suspended": ("warn", "pause-circle-fill"),
    "cancelled": ("bad", "x-circle-fill"),
    "merged": ("info", "sign-merge-left-fill"),
}


@register.simple_tag
def item_state(item: Item) -> SafeString:
    """Return the state in the words of the workflow, with its sign.

    What was never published is a draft, not 在用.

    Lists have `ever_published` at hand.
    """
    if item.state == "active" and not hasattr(item, "listing"):
        known = getattr(item, "ever_published", None)
        if not (item.publications.exists() if known is None else known):
            return status("草稿", "info", "pencil-fill")
    tone, sign = TONES.get(item.state, ("", "circle"))
    return status(state_of(item).label, tone, sign)


ADJUSTMENT_TONES = {
    "prepared": ("info", "pencil-fill"),
    "returned": ("warn", "arrow-return-left"),
    "examining": ("info", "hourglass-split"),
    "second": ("info", "hourglass-split"),
    "approved": ("good", "check2-circle"),
    "checking": ("info", "hourglass-split"),
    "published": ("good", "check-circle-fill"),
    "checked": ("good", "check-circle-fill"),
    "undone": ("bad", "arrow-counterclockwise"),
    "refused": ("bad", "x-circle-fill"),
    "dropped": ("", "dash-lg"),
}


@register.simple_tag
def adjustment_state(adjustment: Adjustment) -> SafeString:
    return status(state_of(adjustment).label, *ADJUSTMENT_TONES.get(adjustment.state, ("", "dash-lg")))


CASE_TONES = {
    "received": ("info", "inbox-fill"),
    "supplementing": ("warn", "hourglass-split"),
    "handling": ("info", "hourglass-split"),
    "stopped": ("warn", "pause-circle-fill"),
    "suspended": ("warn", "pause-circle-fill"),
    "decided": ("good", "check2-circle"),
    "delivered": ("good", "check-circle-fill"),
    "refused": ("bad", "x-circle-fill"),
    "misdirected": ("", "signpost-split-fill"),
}


@register.simple_tag
def case_state(case: Case) -> SafeString:
    return status(state_of(case).label, *CASE_TONES.get(case.state, ("", "dash-lg")))


@register.filter
def act_words(act: CaseAct) -> list[str]:
    """Say what an act said, line by line: words to the applicant, what was asked for, where to go."""
    said = opened(act.content_sealed, purpose=CONTENT)
    wanted = [str(each.get("problem", "")) for each in said.get("wanted", ())]
    return [str(each) for each in (said.get("words"), *wanted, said.get("where"), said.get("remedies")) if each]


@register.simple_tag
def whose_turn(adjustment: Adjustment) -> str:
    """Name who is to act now, the unit or else the role its definition says."""
    if adjustment.state in ("prepared", "returned"):
        return adjustment.item.organ.called
    if adjustment.state in ("examining", "second", "checking") and (desk := desk_of(adjustment)):
        return desk.called
    owner = state_of(adjustment).owner
    return roles()[owner].label if owner else ""


@register.simple_tag
def verdict_mark(opinion: AdjustmentOpinion) -> SafeString:
    tone, sign = {
        "agree": ("good", "check-circle-fill"),
        "confirm": ("good", "check-circle-fill"),
        "return": ("warn", "arrow-return-left"),
    }.get(opinion.verdict, ("bad", "x-circle-fill"))
    return status(opinion.get_verdict_display(), tone, sign)


@register.simple_tag
def law_state(law: Law, day: date) -> SafeString:
    """Tell whether a law holds on a day."""
    if law.in_force_until and law.in_force_until < day:
        return status("已失效", "bad", "x-circle-fill")
    if law.in_force_until:
        return status(f"{cn_day(law.in_force_until)}后失效", "warn", "clock-history")
    if law.in_force_from and law.in_force_from > day:
        return status("还没施行", "warn", "hourglass-split")
    return status("有效")


@register.filter
def of(table: dict[Any, Any], key: Any) -> Any:
    """Look a key up in a table."""
    return table.get(key, [])


@register.simple_tag
def in_public(item: Item) -> SafeString:
    """Tell whether people can see a guide now.

    `item` with its listing at hand.
    """
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
    """Return the mark of a severity as it is stored."""
    return severity_mark(Severity(code))


@register.simple_tag
def crumbs(url_name: str, word: str, item: Item | None = None, last: str = "") -> SafeString:
    """Build the crumbs (列表 › 事项 › 这一页)."""
    steps = [(reverse(url_name), word)]
    if item is not None:
        steps.append((reverse("workbench:item", args=[item.guid]), item.name[:30] or "（未命名事项）"))
    if last:
        steps.append(("", last))
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))


@register.filter
def field_id(name: str) -> str:
    """Return the id of a field of the guide's form."""
    return name.replace(".", "-")


@register.filter
def saved_id(path: str) -> str:
    """Return the id of the field at a path of the saved guide (materials.2.name)."""
    return "-".join(f"r{part}" if part.isdecimal() else part for part in path.split("."))


@register.filter
def field_label(name: str) -> str:
    """Name a field in words (办理时限 › 数, 申请材料 › 份数)."""
    document: Any = Guide
    words = []
    for part in name.split("."):
        if part in document.model_fields:
            element = element_named(document, part)
            words.append(element.label)
            document = element.rows or document
    return " › ".join(words)


@register.filter
def place_label(path: str) -> str:
    """Name a place in a guide in words, rows counted as people count (申请材料第3项 › 要求提供的依据)."""
    words, document = list[str](), cast(Any, Guide)
    for part in path.split("."):
        if part.isdecimal() and words:
            words[-1] += f"第{int(part) + 1}项"
        elif part in document.model_fields:
            element = element_named(document, part)
            words.append(element.label)
            document = element.rows or document
    return " › ".join(words)


@register.simple_tag
def file_link(value: str) -> SafeString:
    """Return a link to a stored file, when `value` is the number of one."""
    try:
        address = reverse("workbench:file", args=[UUID(value)])
    except ValueError:
        return SafeString("")
    return format_html('<a data-kept-link href="{}">已上传，点此查看</a>', address)


@register.simple_tag
def version_span(publication: Publication) -> str:
    """Word the days a version held (2026年1月5日起，现行)."""
    if publication.until is None:
        return f"{cn_day(publication.since)}起，现行"
    return f"{cn_day(publication.since)}—{cn_day(publication.until)}，{publication.get_ending_display()}"


@register.inclusion_tag("workbench/parts/guide_brief.html")
def guide_brief(guide: Guide) -> dict[str, object]:
    """Write the public answer card in short."""
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
    """Return a state in the words of its workflow, with its sign."""
    tone, sign = FLOW_TONES.get(state, ("", "circle"))
    return status(states_of(code)[state].label, tone, sign)


@register.simple_tag
def figure(count: int, address: str, opens: bool, axis: str, key: str, **more: str) -> SafeString:
    """Show a figure of a board that opens the list it counts.

    Nought is left out, so that figures stand out.
    """
    if not count:
        return SafeString("")
    if not opens:
        return SafeString(count)
    return format_html('<a href="{}?{}">{}</a>', address, urlencode({axis: key, **more}), count)


@register.simple_tag
def state_figure(row: ProgressRow, state: str, address: str, axis: str) -> SafeString:
    """Count the entries of a board's row in a state."""
    return figure(row.states.get(state, 0), address, True, axis, row.key, state=state)


@register.simple_tag
def campaign_crumbs(campaign: Campaign, last: str) -> SafeString:
    """Build the crumbs of a campaign (清理规范工作 › 这项工作 › 这一页)."""
    steps = [(reverse("workbench:campaigns"), "清理规范工作")]
    steps += [(reverse("workbench:campaign", args=[campaign.guid]), campaign.name[:30]), ("", last)]
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))


@register.simple_tag
def report_crumbs(unit: Participation, last: str = "") -> SafeString:
    """Build the crumbs of a report (上报 › 这个单位 › 这一页)."""
    steps = [(reverse("workbench:reports"), "上报")]
    steps += [(reverse("workbench:report", args=[unit.pk]), unit.organ.called), *([("", last)] if last else [])]
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))


@register.simple_tag
def reference_crumbs(reference: ReferenceItem, last: str) -> SafeString:
    """Build the crumbs of a reference item (统一参考目录 › 这一项 › 这一页)."""
    steps = [(reverse("workbench:references"), "统一参考目录")]
    steps += [(reverse("workbench:reference", args=[reference.pk]), reference.name[:30]), ("", last)]
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))


@register.filter
def correctable(problem: dict[str, Any]) -> bool:
    """Tell a remark on cells whose whole text the page has, which can be corrected in it."""
    whole = len(problem.get("value", "")) < CUT_AT
    return problem["severity"] != "note" and whole and re.fullmatch(r"[A-Z]{1,3}\d+", problem["cell"]) is not None


CUT_AT = 200
"""So much of a cell's text is kept with its remark (`CellProblem.as_json`)."""


@register.filter
def places_to_correct(problem: dict[str, Any]) -> str:
    """Name the column, for the same text anywhere in it, or blank cells one by one."""
    return (
        re.sub(r"\d", "", problem["cell"]) if problem["value"] else "、".join(problem.get("cells") or [problem["cell"]])
    )
