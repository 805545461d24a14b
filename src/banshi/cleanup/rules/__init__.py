"""The rule book: every rule, in the order of the guide's sections."""

from banshi.cleanup.rule import Rule
from banshi.cleanup.rules import completeness, grounded, handling, materials, naming

ALL_RULES: tuple[type[Rule], ...] = (
    *naming.RULES,
    *completeness.RULES,
    *grounded.RULES,
    *materials.RULES,
    *handling.RULES,
)
