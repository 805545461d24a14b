"""Cell suppression: which figures of few raters are withheld, so that none of them can be had by subtraction."""

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def withheld(raters: Mapping[Key, int], *, least: int, given: Collection[Key] = ()) -> set[Key]:
    """Find the cells of a sum that is told which may not be told themselves: those of few, and the smallest others that hide them.

    Only values decide, equal ones going together: whoever knows the procedure learns nothing of which cell is which.
    """
    hidden = {key for key, count in raters.items() if 0 < count < least} | set(given)
    for smallest in sorted({count for count in raters.values() if count >= least}):
        if _hide_each_other([raters[key] for key in hidden], least):
            return hidden
        hidden |= {key for key, count in raters.items() if count == smallest}
    return hidden if _hide_each_other([raters[key] for key in hidden], least) else set(raters)


def _hide_each_other(counts: list[int], least: int) -> bool:
    """Tell whether the sum of what is withheld, which anybody can reckon, leaves each of it open, and is not of few itself."""
    if not counts:
        return True
    extreme = all(each == 1 for each in counts) or all(each == least - 1 for each in counts)
    return len(counts) > 1 and sum(counts) >= least and not extreme
