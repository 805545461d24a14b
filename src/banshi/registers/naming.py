"""Numbers and names of self-coded items (对统一目录中未涵盖的事项，自行按照规则编码、命名)."""

import re

from banshi.catalog.models import Item, ReferenceItem
from banshi.people.models import Organ
from banshi.registers.models import Proposal

SHORTEST, LONGEST = 4, 60
VAGUE = ("等", "其他", "有关", "相关")
ENDING = re.compile("[,，;；。、!！?？]$")
MAIN = slice(4, 9)
OWN_FROM = 90_000
"""Main items from here on are given to what was proposed from below, so that they never meet those given above."""


def wrong_with_name(name: str, organ: Organ) -> str:
    """Say why a name is not by rule (动词加对象，不写机关名、地名，不用“等”“其他”), or ""."""
    if not SHORTEST <= len(name) <= LONGEST:
        return f"名称应有{SHORTEST}到{LONGEST}个字"
    if vague := next((word for word in VAGUE if word in name), ""):
        return f"名称里不用“{vague}”这样笼统的字"
    if ENDING.search(name):
        return "名称末尾不带标点"
    if own := next((word for word in (organ.name, organ.short_name, organ.division.name) if word and word in name), ""):
        return f"名称里不写机关名和地名（“{own}”）"
    return ""


def next_base_code(item: Item) -> str:
    """Allocate a base code (基本编码) of province 2, kind 2, main item 5 and sub-item 3 digits.

    The next main item nobody has or was promised.
    """
    head = item.organ.division_id[:2] + item.kind
    taken = {
        int(code[MAIN])
        for codes in (
            ReferenceItem.objects.filter(base_code__startswith=head),
            Proposal.objects.filter(base_code__startswith=head, state="open"),
        )
        for code in codes.values_list("base_code", flat=True)
        if len(code) == 12 and code[MAIN].isdecimal()
    }
    return f"{head}{max([OWN_FROM, *taken]) + 1:05d}000"
