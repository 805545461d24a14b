"""Applying what a rule proposes to a guide, and saying it in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import element_named
from banshi.catalog.guide.text import value_text
from banshi.rulebook.rule import Finding, Rewrite


def rewritten(guide: Guide, rewrites: Iterable[Rewrite]) -> Guide:
    """Return the guide with the elements set.

    Raises ValueError where a place is not there or can't hold the value.
    """
    plain = guide.model_dump(mode="json")
    for each in rewrites:
        _set(plain, each)
    try:
        return Guide.model_validate(plain)
    except ValidationError as error:
        raise ValueError(str(error)) from error


def proven(guide: Guide, found: Sequence[Finding], examine: Callable[[Guide], Iterable[Finding]]) -> list[Finding]:
    """Return the findings, with only those proposals that settle their finding and bring no other about."""
    if not any(each.rewrite for each in found):
        return list(found)
    before = {_key(each) for each in found}
    return [each if _settles(guide, each, before, examine) else replace(each, rewrite=None) for each in found]


def _settles(
    guide: Guide, finding: Finding, before: set[tuple[str, str]], examine: Callable[[Guide], Iterable[Finding]]
) -> bool:
    if finding.rewrite is None:
        return True
    try:
        after = {_key(each) for each in examine(rewritten(guide, [finding.rewrite]))}
    except ValueError:
        return False
    return _key(finding) not in after and after <= before


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule.code, finding.path


def _set(plain: Any, rewrite: Rewrite) -> None:
    *ahead, last = rewrite.path.split(".")
    try:
        for step in ahead:
            plain = plain[int(step)] if isinstance(plain, list) else plain[step]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(rewrite.path) from error
    if last not in plain:
        raise ValueError(rewrite.path)
    plain[last] = rewrite.value


def rewrite_words(rewrite: Rewrite) -> str:
    """Word a rewrite (“申请材料 › 份数”改为“1”)."""
    document: type[BaseModel] = Guide
    labels = []
    for step in (part for part in rewrite.path.split(".") if not part.isdecimal()):
        element = element_named(document, step)
        document = element.rows or document
        labels.append(element.label)
    value = rewrite.value
    if element.choices and value in element.choices.values:
        value = element.choices(value)
    return f"“{' › '.join(labels)}”改为“{value_text(value)}”"
