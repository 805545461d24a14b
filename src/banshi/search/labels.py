"""The words of facet values. Names of categories and organs are kept for a minute, or until an unknown one turns up."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from banshi.catalog.enums import Level
from banshi.catalog.models import Category
from banshi.people.models import Division, Organ

FRESH_FOR = 60.0
FIXED: dict[str, Mapping[str, str]] = {
    "level": {value: str(label) for value, label in Level.choices},
    "audience": {"person": "个人", "company": "企业", "untold": "没有写明"},
    "online": {"1": "可网上办", "0": "还不能网上办"},
}


@dataclass(slots=True)
class _Kept:
    of: object
    since: float
    names: dict[str, dict[str, str]]


_kept: _Kept | None = None


def labels(facet: str, values: Iterable[str], of: object) -> Mapping[str, str]:
    """Look up names of facet values.

    `of` names the index the values come from. Names kept for one are not used for another.
    """
    return FIXED[facet] if facet in FIXED else _names(facet, set(values), of)


def _names(facet: str, values: set[str], of: object) -> dict[str, str]:
    global _kept
    kept = _kept
    if not kept or kept.of != of or time.monotonic() - kept.since > FRESH_FOR:
        kept = _kept = _Kept(of, time.monotonic(), {})
    if values - kept.names.get(facet, {}).keys():
        if facet == "category":
            kept.names[facet] = dict(Category.objects.order_by().values_list("code", "name"))
        elif facet == "division":
            used = Division.objects.filter(organs__isnull=False).order_by()
            kept.names[facet] = dict(used.values_list("code", "name"))
        else:
            rows = Organ.objects.order_by().values_list("pk", "short_name", "name")
            kept.names[facet] = {str(pk): short or name for pk, short, name in rows}
    return kept.names[facet] if values else {}
