"""The rule book: every rule, in the order of the guide's sections."""

from banshi.rulebook.rule import Rule
from banshi.rulebook.rules import completeness, handling, legal_basis, materials, naming

ALL_RULES: tuple[type[Rule], ...] = (
    *naming.RULES,
    *completeness.RULES,
    *legal_basis.RULES,
    *materials.RULES,
    *handling.RULES,
)
