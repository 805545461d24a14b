"""Texts without characters that neither a paper nor XML has room for."""

from unicodedata import category

KEPT = "\n\t\u200d"
"""Line, tab, and what joins signs to one."""


def without_controls(text: str) -> str:
    """Drop controls and signs that turn the direction of writing, and keep spaces of every width."""
    return text if text.isprintable() else "".join(each for each in text if _is_kept(each))


def _is_kept(each: str) -> bool:
    return each.isprintable() or each in KEPT or category(each) == "Zs"
