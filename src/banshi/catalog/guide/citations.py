"""Every law and document a guide rests on or names, with the element that does: 办理依据, and what stands elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from banshi.core.json_types import JsonObject
from banshi.law.citations import Citation, read_citations

BASES = "bases"
NAMED = re.compile(r"《[^《》]{2,100}(?:法|条例|规定|办法|规则|细则|决定|章程|通知|意见|解释)》[^《》;；。\n]{0,60}")
"""A law named in running text, with what may follow it: its number, its articles."""


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """One law at one place of a guide: `path` as in findings (bases.0, fees.1.basis)."""

    path: str
    title: str
    doc_no: str = ""
    articles: str = ""


def cited_in(content: JsonObject) -> Iterator[CitedLaw]:
    """Yield the laws a stored guide cites, each once at a place."""
    for place, row in enumerate(content.get(BASES, [])):
        yield CitedLaw(f"{BASES}.{place}", row.get("title", ""), row.get("doc_no", ""), row.get("articles", ""))
    for path, text in _texts({name: value for name, value in content.items() if name != BASES}):
        found: list[Citation] = []
        if path.endswith("basis"):
            found = read_citations(text)
        elif "《" in text:
            found = [each for named in NAMED.findall(text) for each in read_citations(named)[:1]]
        for title, doc_no, articles in dict.fromkeys((each.title, each.doc_no, each.articles) for each in found):
            yield CitedLaw(path, title, doc_no, articles)


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in pairs:
            yield from _texts(inner, f"{path}.{name}" if path else str(name))
