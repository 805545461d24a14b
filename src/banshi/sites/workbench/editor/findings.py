"""Findings of the rule book on a guide while it is written, each at the field of the form it concerns."""

from dataclasses import dataclass

from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item
from banshi.core.clock import today
from banshi.rulebook.engine import examine
from banshi.rulebook.queries import about, current_rulebook, place_of, retentions_of
from banshi.rulebook.rewriting import proven, rewrite_words, rewritten
from banshi.rulebook.rule import Finding
from banshi.sites.workbench.editor.form_data import NO, YES

Tokens = dict[str, list[str]]
"""Table → tokens of its rows, in the order of the guide."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A finding at a field. `proposal` says that one click changes `target` to `value`."""

    finding: Finding
    field: str
    proposal: str = ""
    target: str = ""
    value: str = ""

    @property
    def in_guide(self) -> bool:
        """False where the finding is about the item itself: its code, its kind."""
        return self.field.partition(".")[0] in Guide.model_fields

    @property
    def act(self) -> str:
        """Name the submit value that accepts the proposal without scripts."""
        return f"accept:{self.finding.rule.code}:{self.finding.path}"


def findings_on(item: Item, guide: Guide) -> list[Finding]:
    """List what asks to be changed, the heaviest first, without what is kept with a reason."""
    kept = retentions_of(item)
    return [each for each in checked(item, guide) if (each.rule.code, place_of(each)) not in kept]


def checked(item: Item, guide: Guide) -> list[Finding]:
    """Find everything the rules find.

    Asks the database nothing, but once a minute what laws there are.
    """
    rules, told = current_rulebook(today()), about(item)
    return proven(guide, examine(guide, rules, told), lambda changed: examine(changed, rules, told))


def advice_on(item: Item, guide: Guide, tokens: Tokens) -> list[Advice]:
    advice = []
    for each in findings_on(item, guide):
        field, rewrite = field_at(each.path, tokens), each.rewrite
        if rewrite is None:
            advice.append(Advice(each, field))
            continue
        yes_no = YES if rewrite.value else NO
        as_typed = yes_no if isinstance(rewrite.value, bool) else str(rewrite.value)
        advice.append(Advice(each, field, rewrite_words(rewrite), field_at(rewrite.path, tokens), as_typed))
    return advice


def field_at(path: str, tokens: Tokens) -> str:
    """Convert a path to a field's name (materials.2.name → materials.n4.name, where n4 is the token of the third row)."""
    table, _, rest = path.partition(".")
    place, _, column = rest.partition(".")
    if not place.isdecimal() or table not in tokens:
        return path
    rows = tokens[table]
    row = rows[int(place)] if int(place) < len(rows) else f"r{place}"
    return ".".join(part for part in (table, row, column) if part)


def saved_tokens(guide: Guide) -> Tokens:
    """Assign tokens as a page gives them to the rows of a saved guide."""
    tables = {name: getattr(guide, name) for name in Guide.model_fields}
    return {name: [f"r{n}" for n in range(len(rows))] for name, rows in tables.items() if isinstance(rows, list)}


def accepted(item: Item, guide: Guide, act: str) -> Guide:
    """Return the guide with the proposal named by `act`.

    Returns it as it was when the rules no longer propose it.
    """
    _, _, rest = act.partition(":")
    code, _, path = rest.partition(":")
    for each in checked(item, guide):
        if each.rewrite and (each.rule.code, each.path) == (code, path):
            return rewritten(guide, [each.rewrite])
    return guide
