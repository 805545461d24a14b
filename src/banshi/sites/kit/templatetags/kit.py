"""Components of the pages. Docs/kit.md shows each."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.template.base import Node, Parser, TextNode, Token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from banshi.calendar.deadlines import Remaining
from banshi.core.clock import chinese_date, today
from banshi.core.id_numbers import mask_name
from banshi.core.phone_numbers import with_area_code
from banshi.sites.kit.ledger_words import who_in_words

register = template.Library()
WEEKDAYS = "一二三四五六日"
DIALLED = re.compile(r"[+＋]?[（(]?\d[\d\-－—（）() ]{1,}\d")
HYPHENS = str.maketrans({"（": None, "(": None, " ": None, "）": "-", ")": "-", "－": "-", "—": "-", "＋": "+"})


def steady_tag(function: Callable[..., SafeString]) -> Callable[..., SafeString]:
    """Register a simple tag that becomes plain text of the template where all its words are literal."""
    register.simple_tag(function)
    compiled = register.tags[function.__name__]

    def compile_tag(parser: Parser, token: Token) -> Node:
        node: Any = compiled(parser, token)
        literal = not node.kwargs and all(isinstance(each.var, str) and not each.filters for each in node.args)
        return TextNode(function(*(each.var for each in node.args))) if literal else node

    register.tag(function.__name__, compile_tag)
    return function


@steady_tag
@lru_cache(maxsize=1000)
def icon(name: str, label: str = "") -> SafeString:
    """Draw a Bootstrap icon of the sprite.

    Decoration beside a word, unless `label` gives it words of its own.
    """
    if not name:
        return SafeString("")
    address = f"{static('kit/dist/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def tel(number: str) -> SafeString:
    """Return the attributes of a link that dials.

    The numbers of a demonstration ring nobody (RFC 3966).
    """
    if settings.DEMO:
        return SafeString('title="演示里的电话打不通"')
    found = DIALLED.search(with_area_code(number))
    return format_html('href="tel:{}"', found[0].translate(HYPHENS)) if found else SafeString("")


@register.simple_block_tag
def empty_state(content: SafeString, title: str, *, icon: str = "inbox", url: str = "", action: str = "") -> SafeString:
    """Say that nothing is here, and in the block what will be and how to start."""
    shown = {"title": title, "text": content.strip(), "icon": icon, "url": url, "action": action}
    return render_to_string("kit/empty.html", shown)


# Fields -------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("kit/field.html")
def field(bound: BoundField, *, label: str = "") -> dict[str, Any]:
    """Render a form field with its label, help and error, tied together for screen readers."""
    several = isinstance(bound.field.widget, CheckboxSelectMultiple | RadioSelect)
    single = isinstance(bound.field.widget, CheckboxInput)
    kind = getattr(bound.field.widget, "input_type", "")
    style = {"select": "form-select", "checkbox": "", "radio": "", "hidden": ""}.get(kind, "form-control")
    attributes: dict[str, Any] = (
        {"class": f"{bound.field.widget.attrs.get('class', '')} {style}".strip()} if style else {}
    )
    if described := _described_by(bound):
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "field": bound,
        "label": label or bound.label,
        "widget": bound.as_widget(attrs=attributes),
        "described_by": _described_by(bound),
        "wrong": [said for _, said in _wrong(bound, label or str(bound.label))],
        "several": several,
        "single": single,
    }


def _described_by(bound: BoundField) -> str:
    """List the ids of the help and the error, for aria-describedby."""
    return " ".join([f"{bound.auto_id}-help"] * bool(bound.help_text) + [f"{bound.auto_id}-error"] * bool(bound.errors))


@register.inclusion_tag("kit/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """List a form's errors on top, each line leading to its field."""
    wrong = [(bound, _wrong(bound, str(bound.label))) for bound in form if bound.errors] if form.is_bound else []
    return {"form": form, "errors": wrong}


UNSENT = "这一页的内容没有完整送到，可能开着太久了，请刷新后再提交"
"""Of what a page sends along without its being typed."""


def _wrong(bound: BoundField, label: str) -> list[tuple[str, str]]:
    """List a field's errors, with and without its label before them."""
    # What is missing is asked for by name.
    found = []
    for error in bound.errors.as_data():
        if bound.is_hidden:
            found.append((UNSENT, UNSENT))
        elif error.code == "required":
            widget = bound.field.widget
            if isinstance(widget, CheckboxInput):
                asked = f"请勾选“{label}”"
            else:
                choosing = isinstance(widget, Select | RadioSelect | CheckboxSelectMultiple | FileInput)
                asked = f"请{'选择' if choosing else '填写'}{label}"
            found.append((asked, asked))
        else:
            found += [(f"{label}：{message}", message) for message in map(str, error.messages)]
    return found


# Words --------------------------------------------------------------------------------------------------------------

SOON = 3
"""Working days left that are few."""
TONES = {
    "good": "check-circle-fill",
    "info": "info-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-octagon-fill",
    "": "circle",
}


@steady_tag
@lru_cache(maxsize=1000)
def status(word: str, tone: str = "", sign: str = "") -> SafeString:
    """Render a state as sign and word, never colour alone.

    Tones: good, info, warn, bad, or none.
    """
    return format_html('<span class="status {}">{}{}</span>', tone, icon(sign or TONES[tone]), word)


@register.simple_tag
def due_mark(due: Remaining) -> SafeString:
    """Word the days left (还有3个工作日 · 逾期2个工作日), with a sign."""
    tone, sign = ("bad", "x-octagon-fill") if due.late else ("warn", "clock") if due.left <= SOON else ("", "clock")
    return status(due.words, tone, sign)


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """Format a day with its weekday (2026年11月23日（周一）)."""
    day = _day(value)
    return f"{chinese_date(day)}（周{WEEKDAYS[day.weekday()]}）" if day else ""


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """Format a day without its weekday (2026年11月23日)."""
    day = _day(value)
    return chinese_date(day) if day else ""


@register.filter
def cn_near(value: date | datetime | None) -> str:
    """Format a day of the present year without the year (11月26日)."""
    day = _day(value)
    if not day:
        return ""
    year = "" if day.year == today().year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


@register.filter
def cn_time(value: datetime | None) -> str:
    """Format a moment of the present year without the year (11月23日 14:05)."""
    if not value:
        return ""
    here = timezone.localtime(value)
    year = "" if here.year == today().year else f"{here.year}年"
    return f"{year}{here.month}月{here.day}日 {here:%H:%M}"


register.filter(who_in_words)


@register.filter
def money(value: Decimal | int | float | None) -> str:
    """Format an amount (20元, 12.50元), nought as 不收费."""
    if value is None:
        return ""
    amount = Decimal(str(value))
    if not amount:
        return "不收费"
    return f"{amount:,.0f}元" if amount == amount.to_integral() else f"{amount:,.2f}元"


@register.filter
def masked(value: str) -> str:
    """Mask personal data to the ends of a name and of a number."""
    text = str(value or "")
    if text[:1].isdigit() and len(text) >= 7:
        ahead, after = (3, 4) if len(text) <= 11 else (4, 4)
        return f"{text[:ahead]}{'*' * (len(text) - ahead - after)}{text[-after:]}"
    return mask_name(text)


def _day(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
