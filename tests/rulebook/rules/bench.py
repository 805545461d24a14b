"""How rules are tested: one that passes and one that fails, side by side."""

from datetime import date
from typing import Any

from banshi.catalog.guide.document import Guide
from banshi.rulebook.batch_engine import QuickBook, read_quick
from banshi.rulebook.rule import About, Book, Finding, LawState, Rule
from banshi.rulebook.rules import ALL_RULES
from banshi.rulebook.word_lists import shipped_words

DAY = date(2026, 11, 23)
LAWS = {
    "旧办法": LawState(until=date(2020, 1, 1), replaced_by="新办法"),
    "未来法": LawState(since=date(2027, 1, 1)),
    "新办法": LawState(since=date(2020, 1, 1)),
}
RULES: dict[str, Rule] = {rule.__name__: rule(Book(shipped_words(), DAY, LAWS)) for rule in ALL_RULES}


def found(code: str, about: About | None = None, **elements: Any) -> list[Finding]:
    """What the rule finds, which is the same on the document and among a million guides."""
    guide = Guide.model_validate(elements)
    findings = list(RULES[code].check(guide, about or About()))
    content = read_quick(guide.model_dump_json().encode())
    assert list(QuickBook([RULES[code]]).examine(content, about or About())) == findings
    return findings


def passes(code: str, about: About | None = None, **elements: Any) -> None:
    assert found(code, about, **elements) == []


def fails(code: str, path: str, about: About | None = None, **elements: Any) -> Finding:
    """The one finding there is, at `path`."""
    [finding] = found(code, about, **elements)
    assert finding.path == path
    assert finding.message
    return finding


def rewrites(finding: Finding, path: str, value: Any) -> None:
    assert finding.rewrite is not None
    assert (finding.rewrite.path, finding.rewrite.value) == (path, value)
