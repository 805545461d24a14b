"""Tags of the portal's pages."""

import json
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import rjieba
from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.plain_language import brief
from banshi.catalog.linked_data import schema_org
from banshi.catalog.models import Publication
from banshi.sites.portal.items.papers import address_of

register = template.Library()
FACTS = ("organ_called", "has_guide", "limit_words", "visits", "fee_words", "online")
FITS_A_LINE = 5
NOBODY = str(UUID(int=0))
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def address(guid: UUID, name: str) -> str:
    """Reverse `{% url name guid %}` for pages with many, with each name looked up once."""
    return _address(name).replace(NOBODY, str(guid))


@cache
def _address(name: str) -> str:
    return reverse(name, args=[NOBODY])


@register.filter
def facts_line(row: dict[str, Any]) -> SafeString:
    """Write the line of facts of a row, cached because lists ask for the same ones often."""
    return _facts_line(tuple(row[name] for name in FACTS))


@lru_cache(maxsize=2000)
def _facts_line(facts: tuple[Any, ...]) -> SafeString:
    return render_to_string("portal/facts_line.html", {"row": dict(zip(FACTS, facts, strict=True))})


@register.simple_tag
def linked_data(publication: Publication, guide: Guide) -> SafeString:
    """Write the guide for search engines, as data in a script element, which is never run."""
    data = json.dumps(schema_org(publication, address_of(publication.item.guid), guide), ensure_ascii=False).translate(
        ESCAPED
    )
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(data))  # noqa: S308 (escaped above)


@register.filter
@lru_cache(maxsize=5000)
def phrases(text: str) -> SafeString:
    """Let lines break between words only, never within one (知识产权保/护)."""
    if len(text) <= FITS_A_LINE:
        return format_html("{}", text)
    words = "<wbr>".join(escape(word) for word in rjieba.cut(text))
    return format_html('<span class="phrases">{}</span>', mark_safe(words))  # noqa: S308 (escaped word by word)


@register.filter
def planned_facts(guide: Guide | None) -> list[tuple[str, str]]:
    """List a guide's facts in short, without empty lines.

    Its legal bases go last.
    """
    if guide is None:
        return []
    bases = "\n".join(f"{each.named}{each.articles}" for each in guide.bases)
    return [(label, words) for label, words in [*brief(guide), ("依据", bases)] if words]
