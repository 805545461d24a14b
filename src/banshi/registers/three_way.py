"""Three-way comparison of base edition, newest edition and local text.

Derived whenever it is asked for, never stored: a stored "needs review" goes wrong the first time one of the three moves
without it. Flagged is only what was inherited or overridden *and* has changed above since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

Content = Mapping[str, Any]
"""Element → value, as stored: what is blank does not stand in it."""


class Standing(Enum):
    """Results of the three-way comparison, each with its words and whether somebody must look."""

    INHERITED = ("与参考目录一致", False)
    OVERRIDDEN = ("本地另有写法", False)
    FOLLOWED = ("上级已改，本地已跟上", False)
    BEHIND = ("上级已改，本地还是原来的", True)
    DIVERGED = ("上级已改，本地另有写法", True)
    RELEASED = ("上级不再统一", False)

    def __init__(self, words: str, flagged: bool) -> None:
        self.words, self.flagged = words, flagged


@dataclass(frozen=True, slots=True)
class ElementStanding:
    """One element with the three values. None is blank."""

    name: str
    standing: Standing
    base: object
    newest: Any
    local: object


def standing(base: object, newest: object, local: object) -> Standing | None:
    """Merge three ways, or None where the reference catalogue never said anything of it."""
    if newest is None:
        return None if base is None else Standing.RELEASED
    if base == newest:
        return Standing.INHERITED if local == newest else Standing.OVERRIDDEN
    if local == newest:
        return Standing.FOLLOWED
    return Standing.BEHIND if local == base else Standing.DIVERGED


def three_way(bases: Content, newest: Content, local: Content) -> Iterator[ElementStanding]:
    """Merge three ways every element the reference catalogue unifies or did.

    `bases` are the elements as they were in the edition last answered to.
    """
    for name in dict.fromkeys([*newest, *bases]):
        values = bases.get(name), newest.get(name), local.get(name)
        if (found := standing(*values)) is not None:
            yield ElementStanding(name, found, *values)
