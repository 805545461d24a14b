"""Elements that an upper tier may unify, without those of one's own office, and without files."""

from banshi.catalog.guide.document import Guide, Material
from banshi.catalog.guide.elements import elements

OWN = frozenset(
    (
        *("aliases", "undertaker", "decider", "joint_organs", "entrusted_organ", "organ_nature"),
        *("places", "consult", "complaint", "online_url", "mobile_url", "appointment_how", "notes"),
        *(each.name for each in elements(Guide) if each.file),
    )
)
"""Every office's own."""
FILES = tuple(each.name for each in elements(Material) if each.file)
"""Of a material: every office's own form and sample."""


def only_unified(guide: Guide) -> Guide:
    """Return the guide without what is everyone's own."""
    kept = {name: value for name, value in guide.model_dump().items() if name not in OWN}
    return Guide.model_validate({name: without_files(value) for name, value in kept.items()})


def without_files(value: object) -> object:
    """Return the value of an element as it is compared: rows without their files."""
    if not isinstance(value, list):
        return value
    return [
        {name: value for name, value in row.items() if name not in FILES} if isinstance(row, dict) else row
        for row in value
    ]


def with_own_files(value: object, local: object) -> object:
    """Return the unified value, each of its rows with the files the office has for the row of that name."""
    if not isinstance(value, list) or not isinstance(local, list):
        return value
    own = {row.get("name"): {n: row[n] for n in FILES if n in row} for row in local if isinstance(row, dict)}
    return [{**row, **own.get(row.get("name"), {})} if isinstance(row, dict) else row for row in value]
