"""Two people saved one draft: which elements differ, who changed them, and the guide made of what is chosen.

The form carries `seen`: a fingerprint of each element as it was when the page was loaded. An element that only one of
the two has changed since then needs no question; one that both changed does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2s
from itertools import groupby

from banshi.catalog.guide.differences import Difference, differences
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import Element, element_named, elements


@dataclass(frozen=True, slots=True)
class Clash:
    """One element that differs. `differences` go from theirs to mine, `both` have changed it."""

    element: Element
    differences: tuple[Difference, ...]
    both: bool
    keep_mine: bool


def seen(guide: Guide) -> str:
    return " ".join(_fingerprint(guide, each) for each in elements(Guide))


def _fingerprint(guide: Guide, element: Element) -> str:
    value = guide.model_dump_json(include={element.name})
    return blake2s(value.encode(), digest_size=5).hexdigest()


def clashes(*, mine: Guide, theirs: Guide, seen: str) -> list[Clash]:
    """List the clashes, in the order of the guide.

    Where both changed, mine is proposed.
    """
    known = set(seen.split())
    found = groupby(differences(theirs, mine), key=lambda each: each.path.partition(".")[0])
    both = []
    for name, group in found:
        element = element_named(Guide, name)
        i_changed, they_changed = (_fingerprint(guide, element) not in known for guide in (mine, theirs))
        both.append(Clash(element, tuple(group), both=i_changed and they_changed, keep_mine=i_changed))
    return both


def merged(*, mine: Guide, theirs: Guide, keep_mine: Iterable[str]) -> Guide:
    names = {each.name for each in elements(Guide)} & set(keep_mine)
    return theirs.model_copy(update={name: getattr(mine, name) for name in names})
